import type * as tf from '@tensorflow/tfjs'
import { columnSum } from './columnSum.ts'
import { differentiable } from './differentiable.ts'
import { times, timesTransposed, transposedTimes } from './matmul.ts'

/**
 * Dense layer y = x · weightᵀ + bias.
 *
 * Gradients: dx = dy · weight, dweight = dyᵀ · x, dbias = sum of dy over all rows.
 * @param x [..., in]
 * @param weight [out, in]
 * @param bias [out], or null for none
 * @returns [..., out]
 */
export function linear(x: tf.Tensor, weight: tf.Tensor, bias: tf.Tensor | null): tf.Tensor {
  const [outputs, inputs] = weight.shape as [number, number]
  const matrix = x.reshape<tf.Tensor2D>([-1, inputs])
  const parameters = bias === null ? [weight] : [weight, bias]
  const y = differentiable<tf.Tensor2D>(
    [matrix, ...parameters],
    (save) => {
      save([matrix, weight])
      return timesTransposed(matrix, weight as tf.Tensor2D, bias)
    },
    (dy, saved) => {
      const [input, matrixWeight] = saved as [tf.Tensor2D, tf.Tensor2D]
      const gradients: tf.Tensor[] = [times(dy, matrixWeight), transposedTimes(dy, input)]
      return bias === null ? gradients : [...gradients, columnSum(dy)]
    },
  )
  return y.reshape([...x.shape.slice(0, -1), outputs])
}
