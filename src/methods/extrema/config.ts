import { IMAGE_SIZE } from '../../data/images.ts'
import { maskPlan, type MaskPlan } from './masking.ts'
import type { ExtremaConfig } from './network.ts'
import type { ExtremaSettings } from './settings.ts'

/** Patches of an image, L. */
export const tokensOf = ({ patchSize }: Pick<ExtremaSettings, 'patchSize'>): number =>
  (IMAGE_SIZE / Number(patchSize)) ** 2

/** The masks that the settings describe; they fit the image, whatever a live change asks for. */
export const maskPlanOf = (settings: ExtremaSettings): MaskPlan =>
  maskPlan(tokensOf(settings), settings.maskRatio, settings.maskCount, settings.maskKind)

/** The network that the settings describe. */
export const networkConfig = (settings: ExtremaSettings): ExtremaConfig => ({
  imageSize: IMAGE_SIZE,
  patchSize: Number(settings.patchSize),
  width: settings.width,
  depth: settings.depth,
  heads: settings.heads,
  mlpWidth: Math.round(settings.mlpRatio * settings.width),
  layerNormEpsilon: 1e-6,
  finalNorm: true,
  classToken: false,
  positions: 'sincos',
  relativePositions: false,
  layerScale: 0,
  initialisation: 'xavier',
  classBlocks: settings.classBlocks,
  classLayerScale: settings.layerScale,
  projectorWidth: settings.projectorWidth,
  projectionSize: settings.projectionSize,
  predictorWidth: settings.predictorWidth,
})
