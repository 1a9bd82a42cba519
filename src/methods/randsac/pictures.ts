import { IMAGE_SIZE } from '../../data/images.ts'
import type { Method } from '../method.ts'
import { paint, samplePainter } from '../painting.ts'
import { attentionParts } from './pictures/attentionParts.ts'
import { orderPicture } from './pictures/orderPicture.ts'
import { sampleOrders } from './pictures/sampleOrders.ts'
import { orderPreview, orderStrips } from './pictures/strips.ts'
import { gridOf } from './segments/plan.ts'
import type { RandsacSettings } from './settings.ts'

type Pictures = Pick<Method<RandsacSettings>, 'preview' | 'strips' | 'attention'> &
  Required<Pick<Method<RandsacSettings>, 'order'>>

/** What RandSAC shows of the samples (spec section 11). */
export const pictures: Pictures = {
  preview: orderPreview,
  strips: orderStrips,

  async attention(settings, sample, maskSeed, view, parameters) {
    const [order] = sampleOrders(settings, sample, maskSeed)
    return {
      kind: 'attention',
      sample: sample.indices[0]!,
      grid: gridOf(settings),
      image: paint(samplePainter(sample, 0)),
      size: IMAGE_SIZE,
      parts: await attentionParts(settings, order!, view, parameters),
    }
  },

  order: orderPicture,
}
