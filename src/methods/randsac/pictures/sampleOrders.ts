import * as tf from '@tensorflow/tfjs'
import { Stream } from '../../../engine/random.ts'
import type { Samples } from '../../method.ts'
import { serialisationAt, type Serialisation } from '../segments/serialisation.ts'
import { segmentPlanOf } from '../segments/plan.ts'
import type { RandsacSettings } from '../settings.ts'

/**
 * The order of every sample, by (seed, seed of the masks, data-set index): the same in every picture, and while training goes
 * on.
 */
export function sampleOrders(
  settings: RandsacSettings,
  { indices }: Pick<Samples, 'indices'>,
  maskSeed: number,
): Serialisation[] {
  const plan = segmentPlanOf(settings)
  return indices.map((index) =>
    serialisationAt(plan, [settings.seed, Stream.sampleMask, maskSeed, index]),
  )
}

/** The ranks of some images for a network, [B, N]. */
export const rankTensor = (orders: readonly Pick<Serialisation, 'ranks'>[]): tf.Tensor2D =>
  tf.tensor2d(Float32Array.from(orders.flatMap(({ ranks }) => [...ranks])), [
    orders.length,
    orders[0]!.ranks.length,
  ])
