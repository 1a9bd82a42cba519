import * as tf from '@tensorflow/tfjs'
import { differentiable } from './differentiable.ts'
import { times, timesTransposed, weightGradients } from './matmul.ts'

/**
 * All products of rows with rows, x · xᵀ.
 *
 * Gradient: dx = (dy + dyᵀ) · x.
 * @param x [rows, width]
 * @returns [rows, rows]
 */
export const gram = (x: tf.Tensor2D): tf.Tensor2D =>
  differentiable<tf.Tensor2D>(
    [x],
    (save) => {
      save([x])
      return timesTransposed(x, x, null)
    },
    (dy, [saved]) => {
      const rows = saved as tf.Tensor2D
      const [transposed] = weightGradients(dy, rows, false)
      return [tf.add(times(dy, rows), transposed!)]
    },
  )
