import * as tf from '@tensorflow/tfjs'
import { computeFused } from '../../engine/ops/fuse.ts'
import { meanSquaredError } from '../../engine/ops/meanLoss.ts'
import { scatterTokens } from '../../engine/ops/tokens.ts'
import { NOWHERE } from './network.ts'

/** Keeps the loss 0 instead of NaN where nothing is masked; to any count of patches it adds nothing. */
const NO_TARGETS = 1e-30

/**
 * 1 for every cell that is masked, 0 for those of the visible patches: [B, cells].
 * @param visible the cells that are shown, [B, k]
 */
export function maskedCells(visible: tf.Tensor2D, cells: number): tf.Tensor2D {
  const [rows, places] = visible.shape
  const shown = tf.zeros<tf.Rank.R3>([rows, places, 1])
  return scatterTokens(shown, visible, cells, tf.ones([1])).reshape([rows, cells])
}

/**
 * Mean over the masked patches of the batch of the mean squared error of their pixels (spec section 7.3); 0 where nothing
 * is masked. Visible patches have no part in it: their predictions have no gradient.
 * @param predictions [B, L, 3·P·P]
 * @param targets likewise, taken as constants
 * @param masked [B, L], 1 for masked patches
 */
export const reconstructionLoss = (
  predictions: tf.Tensor3D,
  targets: tf.Tensor3D,
  masked: tf.Tensor2D,
): tf.Scalar => meanSquaredError(predictions, targets, { weights: masked, epsilon: NO_TARGETS })

/** Where the decoder gets the visible patches: at their true cells; those with label 1 nowhere. All [B, k]. */
export const honestCells = (real: tf.Tensor2D, labels: tf.Tensor2D): tf.Tensor2D =>
  computeFused(
    'cells of honest patches',
    real.shape,
    // Labels are 0 or 1.
    [(cell, label) => cell.sub(label.mul(cell.sub(NOWHERE)))],
    [real, labels],
  )[0] as tf.Tensor2D
