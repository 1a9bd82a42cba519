import * as tf from '@tensorflow/tfjs'
import type { ShownCells } from '../../../models/vit.ts'
import { drawClaims, type Claims, type CorruptorPlan } from '../corruptor.ts'
import { sampleDraw } from '../inputs.ts'

/**
 * What every sample is shown, by (seed, seed of the masks, data-set index): the same in every picture, and while training
 * goes on.
 */
export const sampleClaims = (
  plan: CorruptorPlan,
  seed: number,
  maskSeed: number,
  indices: readonly number[],
): Claims[] => indices.map((index) => drawClaims(plan, sampleDraw(seed, maskSeed, index)))

/** Tokens of images for a network, [images, k]; all images show as many. */
export function shownTensors(rows: readonly Pick<Claims, 'real' | 'claimed'>[]): ShownCells {
  const tensor = (key: 'real' | 'claimed'): tf.Tensor2D => cellTensor(rows.map((row) => row[key]))
  return { real: tensor('real'), claimed: tensor('claimed') }
}

/** Whole numbers for every token of every image, [images, k]. */
export const cellTensor = (rows: readonly ArrayLike<number>[]): tf.Tensor2D =>
  tf.tensor2d(Float32Array.from(rows.flatMap((row) => Array.from(row))), [
    rows.length,
    rows[0]!.length,
  ])
