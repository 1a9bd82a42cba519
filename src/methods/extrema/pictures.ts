import { IMAGE_SIZE } from '../../data/images.ts'
import type { Method } from '../method.ts'
import { paint, samplePainter } from '../painting.ts'
import { attentionParts } from './attentionParts.ts'
import { maskStrips, sampleMasks } from './maskPictures.ts'
import { predictionScores } from './scores.ts'
import type { ExtremaSettings } from './settings.ts'

type Pictures = Pick<Method<ExtremaSettings>, 'preview' | 'strips' | 'attention'>

/** What ExtreMA shows of the samples (spec section 13). */
export const pictures: Pictures = {
  preview: maskStrips,

  async strips(settings, samples, maskSeed, views, parameters) {
    const table = maskStrips(settings, samples, maskSeed)
    const masks = sampleMasks(settings, samples, maskSeed)
    const scores = await predictionScores(settings, masks, views, parameters)
    // The columns before the masks have no prediction.
    const others = Array<null>(table.columns.length - masks[0]!.length).fill(null)
    const values = scores.map((ofMasks) => [...others, ...ofMasks])
    return { ...table, scores: { label: 'Cosine with the target', values } }
  },

  async attention(settings, sample, maskSeed, view, parameters) {
    const [masks] = sampleMasks(settings, sample, maskSeed)
    return {
      kind: 'attention',
      sample: sample.indices[0]!,
      grid: IMAGE_SIZE / Number(settings.patchSize),
      image: paint(samplePainter(sample, 0)),
      size: IMAGE_SIZE,
      parts: await attentionParts(settings, masks![0]!, view, parameters),
    }
  },
}
