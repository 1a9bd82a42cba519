import type * as tf from '@tensorflow/tfjs'
import { kernelNamed, uniformOf } from '../kernel.ts'
import { cosineStatisticsCode } from '../kernels/cosineStatistics.ts'
import { emptyTensor } from '../tensors.ts'

/** Shortest length that is divided by, as in `l2Normalise`. */
const MIN_LENGTH = 1e-12

/** Scalars that tell how predictions and targets lie (see `cosineStatistics`). */
export interface CosineStatistics {
  /** Mean of all cosines. */
  readonly cosine: tf.Scalar
  /** Standard deviation of the cosines with one target, mean over the targets; 0 where each has one row. */
  readonly spread: tf.Scalar
  /** Standard deviation of the targets' unit vectors over the targets, mean over the channels. */
  readonly deviation: tf.Scalar
}

/**
 * Statistics of the cosines between rows of x and their targets, and of the targets themselves, for charts: one dispatch,
 * not differentiable.
 * @param x [rows, width]
 * @param target [some, width], where `some` divides the rows: row r of x belongs to row r mod `some`
 */
export function cosineStatistics(x: tf.Tensor2D, target: tf.Tensor2D): CosineStatistics {
  const [rows, width] = x.shape
  const some = target.shape[0]
  if (target.shape[1] !== width || rows % some !== 0)
    throw new Error(`targets [${target.shape.join()}] do not fit vectors [${x.shape.join()}]`)
  const results = [0, 1, 2].map(() => emptyTensor<tf.Rank.R0>([]))
  const lengths = emptyTensor([some])
  kernelNamed('cosine statistics', () => cosineStatisticsCode(MIN_LENGTH)).dispatch(
    [uniformOf([width, some, rows / some, 0]), x, target, lengths, ...results],
    1,
  )
  lengths.dispose()
  const [cosine, spread, deviation] = results
  return { cosine: cosine!, spread: spread!, deviation: deviation! }
}
