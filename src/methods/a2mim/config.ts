import { IMAGE_SIZE } from '../../data/images.ts'
import type { BlockMaskShape } from './masking.ts'
import type { LossForm } from './loss.ts'
import type { A2mimConfig } from './network.ts'
import type { A2mimSettings } from './settings.ts'

/** The network that the settings describe. */
export const networkConfig = (settings: A2mimSettings): A2mimConfig => ({
  imageSize: IMAGE_SIZE,
  patchSize: Number(settings.patchSize),
  width: settings.width,
  depth: settings.depth,
  heads: settings.heads,
  mlpWidth: Math.round(settings.mlpRatio * settings.width),
  layerNormEpsilon: 1e-6,
  finalNorm: true,
  classToken: true,
  positions: 'learned',
  relativePositions: settings.relativePositions,
  layerScale: settings.layerScale,
  initialisation: 'truncatedNormal',
  maskLayer: settings.maskLayer,
  tokenEntry: settings.tokenEntry,
})

/** The loss that the settings describe. */
export const lossForm = (settings: A2mimSettings): LossForm => ({
  spatial: settings.spatialLoss,
  spectra: settings.spectra,
  replacement: settings.replacement,
  focus:
    settings.frequencyFocus === 'focal'
      ? {
          exponent: settings.focusExponent,
          log: settings.focusLog,
          maximum: settings.focusMaximum,
        }
      : null,
})

/** The masks that the settings describe. A mask block is at least a patch, whatever a live change asks for. */
export const maskShape = (settings: A2mimSettings): BlockMaskShape => ({
  imageSize: IMAGE_SIZE,
  maskPatch: Math.max(Number(settings.maskPatch), Number(settings.patchSize)),
  patchSize: Number(settings.patchSize),
})
