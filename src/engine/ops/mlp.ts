import type * as tf from '@tensorflow/tfjs'
import { differentiable } from './differentiable.ts'
import {
  times,
  timesGeluGradient,
  timesTransposed,
  timesTransposedGelu,
  weightGradients,
} from './matmul.ts'
import { asRows, residualGradient, residualRows } from './residual.ts'

/** What an MLP may do besides. */
export interface MlpOptions {
  /** Added to the result: of its shape, or with a leading axis of 1 and then repeated over the batch. */
  readonly residual?: tf.Tensor
}

/**
 * The MLP of a transformer, y = gelu(x · w1ᵀ + b1) · w2ᵀ + b2 (+ residual), with the exact GELU; in two dispatches.
 *
 * Gradients, with h = x · w1ᵀ + b1 and dh = (dy · w2) ⊙ gelu′(h): dw2 = dyᵀ · gelu(h), db2 = Σ dy, dx = dh · w1,
 * dw1 = dhᵀ · x, db1 = Σ dh over all rows; dresidual as in `linear`. In six dispatches at most. Only h is kept for them:
 * the kernel of dh has Φ(h) at hand and gives gelu(h) once more.
 * @param x [..., in]
 * @param w1 [hidden, in]
 * @param b1 [hidden]
 * @param w2 [out, hidden]
 * @param b2 [out]
 * @returns [..., out]
 */
export function mlp(
  x: tf.Tensor,
  w1: tf.Tensor,
  b1: tf.Tensor,
  w2: tf.Tensor,
  b2: tf.Tensor,
  { residual }: MlpOptions = {},
): tf.Tensor {
  const [, inputs] = w1.shape as [number, number]
  const [outputs] = w2.shape as [number, number]
  const shape = [...x.shape.slice(0, -1), outputs]
  const matrix = asRows(x, inputs)
  const added = residual === undefined ? null : residualRows(residual, shape)
  const y = differentiable<tf.Tensor2D>(
    [matrix, w1, b1, w2, b2, ...(added === null ? [] : [added])],
    (save) => {
      const { before, activated } = timesTransposedGelu(matrix, w1 as tf.Tensor2D, b1)
      save([matrix, w1, before, w2])
      return timesTransposed(activated, w2 as tf.Tensor2D, b2, added)
    },
    (dy, saved) => {
      const [input, first, before, second] = saved as [
        tf.Tensor2D,
        tf.Tensor2D,
        tf.Tensor2D,
        tf.Tensor2D,
      ]
      const { gradient, activated } = timesGeluGradient(dy, second, before)
      const [dw2, db2] = weightGradients(dy, activated, true)
      const [dw1, db1] = weightGradients(gradient, input, true)
      return [
        times(gradient, first),
        dw1!,
        db1!,
        dw2!,
        db2!,
        ...(added === null ? [] : [residualGradient(dy, added.shape)]),
      ]
    },
  )
  return y.reshape(shape)
}
