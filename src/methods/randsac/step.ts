import * as tf from '@tensorflow/tfjs'
import { Expression } from '../../engine/fuse/expression.ts'
import { binnedSums } from '../../engine/ops/binnedSums.ts'
import { computeFused } from '../../engine/ops/fuse.ts'
import { nearestLowerRank } from '../../engine/ops/nearestLowerRank.ts'
import type { ParameterSource } from '../../engine/parameters.ts'
import { gridOf } from '../../models/vit.ts'
import type { LossResult } from '../method.ts'
import { distanceBins } from './distanceBins.ts'
import { patchTargets, type TargetForm } from '../patchTargets.ts'
import { randsacLoss, tokenLosses } from './loss.ts'
import { RandsacNetwork, SKIP_WEIGHT, type RandsacConfig, type Taps } from './network.ts'

/** The tensors of one training step. */
export interface StepTensors {
  /** Normalised images [B, S, S, 3]. */
  readonly images: tf.Tensor4D
  /** [B, N], whole numbers from 0 in float32: the place in the order of every patch's segment. */
  readonly ranks: tf.Tensor2D
}

/** A whole forward pass: predict every segment but the first from those before it, compare, and sort the losses. */
export function randsacStep(
  config: RandsacConfig,
  form: TargetForm,
  { images, ranks }: StepTensors,
  parameters: ParameterSource,
  taps: Taps = {},
): LossResult {
  const predictions = new RandsacNetwork(config, parameters).predict(images, ranks, taps)
  const targets = patchTargets(images, config.patchSize, form)
  return {
    loss: randsacLoss(predictions, targets, ranks),
    terms: {},
    tables: {
      ...lossTables(gridOf(config), predictions, targets, ranks),
      ...(config.skip && { skip: parameters.get(SKIP_WEIGHT) as tf.Tensor2D }),
    },
  }
}

/** The losses of all tokens that are predicted, by rank and by distance to the nearest token that they are predicted from. */
function lossTables(
  grid: number,
  predictions: tf.Tensor3D,
  targets: tf.Tensor3D,
  ranks: tf.Tensor2D,
): Record<'rankLoss' | 'distanceLoss', tf.Tensor2D> {
  const losses = tokenLosses(predictions, targets)
  const [predicted] = computeFused(
    'ranks of predicted tokens',
    ranks.shape,
    // Rank 0 becomes −1, which is no column.
    [(rank) => rank.sub(Expression.constant(1).sub(rank).max(0))],
    [ranks],
  )
  const halves = computeFused(
    'distances in halves',
    ranks.shape,
    [(distance) => distance.mul(2)],
    [nearestLowerRank(ranks, grid)],
  )
  return {
    rankLoss: binnedSums(losses, predicted!, grid * grid),
    distanceLoss: binnedSums(losses, tf.floor(halves[0]!), distanceBins(grid)),
  }
}
