import type * as tf from '@tensorflow/tfjs'
import { columnSum } from './columnSum.ts'

/** A tensor [..., width] as a matrix [rows, width]. */
export const asRows = (x: tf.Tensor, width: number): tf.Tensor2D => x.reshape([-1, width])

/**
 * What is added to a result of shape `shape`, as a matrix whose rows are repeated as often as needed.
 * @throws Error when it neither has that shape nor differs from it by a leading axis of 1
 */
export function residualRows(residual: tf.Tensor, shape: readonly number[]): tf.Tensor2D {
  const fits =
    residual.rank === shape.length &&
    residual.shape.every((side, axis) => side === shape[axis] || (axis === 0 && side === 1))
  if (!fits) throw new Error(`a residual of shape [${residual.shape.join()}] for [${shape.join()}]`)
  return asRows(residual, shape.at(-1)!)
}

/**
 * The gradient of what was added: dy itself, or its sum over the batch.
 * @param dy [rows, width]
 * @param shape [rows added, width]
 */
export function residualGradient(dy: tf.Tensor2D, shape: readonly [number, number]): tf.Tensor2D {
  const [rows, width] = shape
  if (rows === dy.shape[0]) return dy.clone()
  return columnSum(asRows(dy, rows * width)).reshape([rows, width])
}
