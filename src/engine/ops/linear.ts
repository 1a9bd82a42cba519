import type * as tf from '@tensorflow/tfjs'
import { differentiable } from './differentiable.ts'
import { times, timesTransposed, weightGradients } from './matmul.ts'
import { asRows, residualGradient, residualRows } from './residual.ts'

/** What a dense layer may do besides. */
export interface LinearOptions {
  /** Added to the result: of its shape, or with a leading axis of 1 and then repeated over the batch. */
  readonly residual?: tf.Tensor
  /** False where x is data: then no gradient is computed for it. */
  readonly inputGradient?: boolean
}

/**
 * Dense layer y = x · weightᵀ + bias (+ residual), in one dispatch.
 *
 * Gradients, in three dispatches at most: dx = dy · weight, dweight = dyᵀ · x, dbias = sum of dy over all rows; dresidual
 * = dy, or its sum over the batch (in two more at most) where the residual is repeated.
 * @param x [..., in]
 * @param weight [out, in]
 * @param bias [out], or null for none
 * @returns [..., out]
 */
export function linear(
  x: tf.Tensor,
  weight: tf.Tensor,
  bias: tf.Tensor | null,
  { residual, inputGradient = true }: LinearOptions = {},
): tf.Tensor {
  const [outputs, inputs] = weight.shape as [number, number]
  const shape = [...x.shape.slice(0, -1), outputs]
  const matrix = asRows(x, inputs)
  const added = residual === undefined ? null : residualRows(residual, shape)
  const y = differentiable<tf.Tensor2D>(
    [
      ...(inputGradient ? [matrix] : []),
      weight,
      ...(bias === null ? [] : [bias]),
      ...(added === null ? [] : [added]),
    ],
    (save) => {
      save([matrix, weight])
      return timesTransposed(matrix, weight as tf.Tensor2D, bias, added)
    },
    (dy, saved) => {
      const [input, matrixWeight] = saved as [tf.Tensor2D, tf.Tensor2D]
      return [
        ...(inputGradient ? [times(dy, matrixWeight)] : []),
        ...weightGradients(dy, input, bias !== null),
        ...(added === null ? [] : [residualGradient(dy, added.shape)]),
      ]
    },
  )
  return y.reshape(shape)
}
