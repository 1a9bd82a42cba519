import { IMAGE_SIZE } from '../../data/images.ts'
import { multiplyAdds } from '../../models/resnetCost.ts'
import { stages, stageWidth, totalStride } from '../../models/resnetSpecs.ts'
import type { TokenCounts } from '../description.ts'
import { resnetConfig } from './config.ts'
import type { A2mimSettings } from './settings.ts'

const CHANNELS = 3

/** What an image costs in a step: the tokens of the ViT, or the multiply-adds of the ResNet with its decoder. */
export function tokenCounts(settings: A2mimSettings): TokenCounts {
  if (settings.architecture === 'vit')
    return { teacher: 0, student: (IMAGE_SIZE / Number(settings.patchSize)) ** 2 + 1 }
  const config = resnetConfig(settings)
  // The decoder makes all pixels of a cell from its channels: one 1 × 1 convolution.
  const cells = (IMAGE_SIZE / totalStride(config)) ** 2
  const decoder = cells * stageWidth(config, stages(config)) * CHANNELS * totalStride(config) ** 2
  return {
    unit: 'multiply-adds',
    teacher: 0,
    student: multiplyAdds(config, IMAGE_SIZE) + decoder,
  }
}
