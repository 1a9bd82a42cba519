import { IMAGE_SIZE } from '../../../data/images.ts'
import { Stream } from '../../../engine/random.ts'
import type { Samples } from '../../method.ts'
import { maskShape } from '../config.ts'
import { drawBlockMask } from '../masking.ts'
import type { A2mimSettings } from '../settings.ts'

/** The mask of every sample, by (seed, seed of the masks, data-set index): the same while training goes on. */
export function sampleMasks(
  settings: A2mimSettings,
  { indices }: Samples,
  maskSeed: number,
): Float32Array[] {
  const shape = maskShape(settings)
  return indices.map((index) => {
    const mask = new Float32Array((IMAGE_SIZE / shape.patchSize) ** 2)
    const address = [settings.seed, Stream.sampleMask, maskSeed, index] as const
    drawBlockMask(shape, settings.maskRatio, address, mask)
    return mask
  })
}
