import { IMAGE_SIZE } from '../../data/images.ts'
import type { TargetForm } from '../patchTargets.ts'
import type { RandsacConfig } from './network.ts'
import type { RandsacSettings } from './settings.ts'

/** As in torch’s transformer, which the paper’s listing builds on; the paper names no other. */
const LAYER_NORM_EPSILON = 1e-5

/** The network that the settings describe. */
export const networkConfig = (settings: RandsacSettings): RandsacConfig => ({
  imageSize: IMAGE_SIZE,
  patchSize: Number(settings.patchSize),
  width: settings.width,
  depth: settings.depth,
  heads: settings.heads,
  mlpWidth: Math.round(settings.mlpRatio * settings.width),
  layerNormEpsilon: LAYER_NORM_EPSILON,
  classToken: false,
  positions: 'sincos',
  relativePositions: false,
  finalNorm: false,
  layerScale: 0,
  initialisation: 'xavier',
  decoderDepth: settings.decoderDepth,
  skip: settings.skipConnections,
  skipInitialisation: settings.skipInitialisation,
  memoryNorm: settings.memoryNorm,
  headInitialisation: settings.headInitialisation,
  mistake: settings.maskMistake,
})

/** What the settings have predicted of a patch. */
export const lossForm = ({ target }: Pick<RandsacSettings, 'target'>): TargetForm => ({ target })
