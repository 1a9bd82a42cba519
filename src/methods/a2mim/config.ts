import { IMAGE_SIZE } from '../../data/images.ts'
import type { BlockMaskShape } from './masking.ts'
import type { LossForm } from './loss.ts'
import type { A2mimConfig } from './network.ts'
import type { A2mimSettings } from './settings.ts'

/** Side in pixels of the smallest mask block. */
const SMALLEST_BLOCK = 4

/** Residual blocks of every stage that the ResNet has: those before the first stage without any. */
export function stageBlocks(settings: A2mimSettings): readonly number[] {
  const { blocks1, blocks2, blocks3, blocks4 } = settings
  const counts = [blocks1, blocks2, blocks3, blocks4]
  const missing = counts.indexOf(0)
  return missing < 0 ? counts : counts.slice(0, missing)
}

/** Side in pixels of a cell of the map that the mask token enters: the resolution of the mask. */
export const tokenStride = (settings: A2mimSettings): number =>
  settings.architecture === 'vit'
    ? Number(settings.patchSize)
    : strideBefore(Math.min(settings.tokenStage, stageBlocks(settings).length - 1))

/** Pixels a cell at the input of a stage of a ResNet (from 0), whose stages have strides 1, 2, 2, 2. */
const strideBefore = (stage: number): number => 2 ** Math.max(0, stage - 1)

/** Side in pixels of a hidden block: never less than a cell of the mask, whatever a live change asks for. */
function maskPatchOf(settings: A2mimSettings): number {
  const official =
    settings.architecture === 'vit'
      ? 2 * Number(settings.patchSize)
      : strideBefore(stageBlocks(settings).length)
  const wanted = settings.maskPatch === 'auto' ? official : Number(settings.maskPatch)
  return Math.max(wanted, tokenStride(settings), SMALLEST_BLOCK)
}

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

/** The masks that the settings describe. */
export const maskShape = (settings: A2mimSettings): BlockMaskShape => ({
  imageSize: IMAGE_SIZE,
  maskPatch: maskPatchOf(settings),
  patchSize: tokenStride(settings),
})

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
