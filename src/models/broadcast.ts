import type * as tf from '@tensorflow/tfjs'
import { columnSum } from '../engine/ops/columnSum.ts'
import { differentiable } from '../engine/ops/differentiable.ts'
import { times, timesTransposed } from '../engine/ops/matmul.ts'

/*
 * Products and sums whose second operand is small or constant. tfjs can do the same, but sums the gradient of a small
 * operand over many rows with a transposition and a workgroup a result.
 */

const rowsOf = (x: tf.Tensor, width: number): tf.Tensor2D => x.reshape([-1, width])

/**
 * x · matrixᵀ for a constant matrix: the gradient dx = dy · matrix flows to x alone.
 * @param x [rows, in]
 * @param matrix [out, in]
 * @returns [rows, out]
 */
export const timesConstant = (x: tf.Tensor2D, matrix: tf.Tensor2D): tf.Tensor2D =>
  differentiable<tf.Tensor2D>(
    [x],
    (save) => {
      save([matrix])
      return timesTransposed(x, matrix, null)
    },
    (dy, [saved]) => [times(dy, saved as tf.Tensor2D)],
  )

/**
 * x plus the same values for every member of the batch.
 *
 * Gradients: dx = dy, dvalues = sum of dy over the batch.
 * @param x [batch, ...]
 * @param values [1, ...] of the same other sides
 */
export const addToEach = <T extends tf.Tensor>(x: T, values: tf.Tensor): T =>
  differentiable<T>(
    [x, values],
    () => x.add(values),
    (dy) => [dy.clone(), columnSum(rowsOf(dy, values.size)).reshape(values.shape)],
  )
