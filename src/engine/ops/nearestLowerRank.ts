import type * as tf from '@tensorflow/tfjs'
import { groupsFor, kernelNamed, uniformOf } from '../kernel.ts'
import { NEAREST_LOWER_RANK_CODE, NEAREST_RANK_WORKGROUP } from '../kernels/nearestLowerRank.ts'
import { emptyTensor } from '../tensors.ts'

/**
 * How far each token of a square grid is from the nearest token of a lower rank: what a prediction has to bridge. Not
 * differentiable.
 * @param ranks [batch, grid²], float32, tokens row by row
 * @param grid tokens a side
 * @returns [batch, grid²]: Euclidean distances in tokens, exact where they are whole; −1 where no rank is lower
 */
export function nearestLowerRank(ranks: tf.Tensor2D, grid: number): tf.Tensor2D {
  const [, tokens] = ranks.shape
  if (tokens !== grid ** 2)
    throw new Error(`${tokens} tokens are not a grid of ${grid} times ${grid}`)
  const distances = emptyTensor<tf.Rank.R2>(ranks.shape)
  kernelNamed('nearest lower rank', () => NEAREST_LOWER_RANK_CODE).dispatchMany(
    [uniformOf([grid]), ranks, distances],
    groupsFor(ranks.size, NEAREST_RANK_WORKGROUP),
  )
  return distances
}
