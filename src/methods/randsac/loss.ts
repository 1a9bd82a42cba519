import type * as tf from '@tensorflow/tfjs'
import { meanSquaredError } from '../../engine/ops/meanLoss.ts'

/** Keeps the loss 0 instead of NaN where nothing is predicted; to any count of tokens it adds nothing. */
const NO_TARGETS = 1e-30

/**
 * Mean over all tokens of the batch whose rank is at least 1 of the mean squared error of their patches; 0 where there is
 * no such token.
 * @param predictions [B, N, 3·P·P]
 * @param targets likewise, taken as constants
 * @param ranks [B, N]
 */
export const randsacLoss = (
  predictions: tf.Tensor3D,
  targets: tf.Tensor3D,
  ranks: tf.Tensor2D,
): tf.Scalar =>
  meanSquaredError(predictions, targets, {
    weights: ranks.clipByValue(0, 1),
    epsilon: NO_TARGETS,
  })

/** The mean squared error of every patch, [B, N]; for tables and pictures. */
export const tokenLosses = (predictions: tf.Tensor3D, targets: tf.Tensor3D): tf.Tensor2D =>
  predictions.squaredDifference(targets).mean<tf.Tensor2D>(2)
