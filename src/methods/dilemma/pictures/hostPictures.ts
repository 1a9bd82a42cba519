import { IMAGE_SIZE } from '../../../data/images.ts'
import type { Method } from '../../method.ts'
import { paint, samplePainter } from '../../painting.ts'
import type { Host } from '../host.ts'
import { attentionParts } from './attentionParts.ts'
import type { HostSettings, MoreColumns } from './columns.ts'
import { placesPicture } from './places.ts'
import { sampleClaims } from './sampleClaims.ts'
import { hostPreview, hostStrips } from './strips.ts'

/** The pictures of any host of DILEMMA (spec section 13). */
export type HostPictures<S extends HostSettings> = Pick<
  Method<S>,
  'preview' | 'strips' | 'attention'
> &
  Required<Pick<Method<S>, 'places'>>

/**
 * What a host shows of the samples: what its student is shown, believes and detects, where its class tokens look, and what
 * becomes of it when patches claim other places.
 */
export const hostPictures = <S extends HostSettings>(
  host: Host<S>,
  more?: MoreColumns<S>,
): HostPictures<S> => ({
  preview: (...request) => hostPreview(host, more, ...request),

  strips: (...request) => hostStrips(host, more, ...request),

  async attention(settings, sample, maskSeed, view, parameters) {
    const plan = host.plan(settings)
    const [claims] = sampleClaims(plan, settings.seed, maskSeed, sample.indices)
    return {
      kind: 'attention',
      sample: sample.indices[0]!,
      grid: plan.grid,
      image: paint(samplePainter(sample, 0)),
      size: IMAGE_SIZE,
      parts: await attentionParts(host, settings, claims!, view, parameters),
    }
  },

  places: (...request) => placesPicture(host, ...request),
})
