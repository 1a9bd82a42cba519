import { IMAGE_SIZE } from '../../data/images.ts'
import { stages, strideBefore, totalStride } from '../../models/resnetSpecs.ts'
import type { BlockMaskShape } from './masking.ts'
import type { LossForm } from './loss.ts'
import type { A2mimConfig } from './network.ts'
import type { ResnetTrunkConfig } from './resnetTrunk.ts'
import type { A2mimSettings } from './settings.ts'
import type { StepConfig } from './step.ts'
import type { VitTrunkConfig } from './vitTrunk.ts'

/** Side in pixels of the smallest mask block. */
const SMALLEST_BLOCK = 4

/** Residual blocks of every stage that the ResNet has: those before the first stage without any. */
export function stageBlocks(settings: A2mimSettings): readonly number[] {
  const { blocks1, blocks2, blocks3, blocks4 } = settings
  const blocks = [blocks1, blocks2, blocks3, blocks4]
  return blocks.slice(0, stages({ blocks }))
}

/** Side in pixels of a cell of the map that the mask token enters: the resolution of the mask. */
export const tokenStride = (settings: A2mimSettings): number =>
  settings.architecture === 'vit'
    ? Number(settings.patchSize)
    : strideBefore(resnetConfig(settings), settings.tokenStage)

/** Side in pixels of a hidden block: never less than a cell of the mask, whatever a live change asks for. */
function maskPatchOf(settings: A2mimSettings): number {
  const official =
    settings.architecture === 'vit'
      ? 2 * Number(settings.patchSize)
      : totalStride(resnetConfig(settings))
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

/** The ViT that the settings describe. */
export const vitConfig = (settings: A2mimSettings): VitTrunkConfig => ({
  kind: 'vit',
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
})

/** The ResNet that the settings describe. */
export const resnetConfig = (settings: A2mimSettings): ResnetTrunkConfig => ({
  kind: 'resnet',
  block: settings.block,
  stemWidth: settings.stemWidth,
  blocks: stageBlocks(settings),
  tokenStage: settings.tokenStage,
})

/** The network that the settings describe. */
export const networkConfig = (settings: A2mimSettings): A2mimConfig => ({
  trunk: settings.architecture === 'vit' ? vitConfig(settings) : resnetConfig(settings),
  token: {
    entry: settings.tokenEntry,
    mode: settings.tokenMode,
    detach: settings.detachHidden,
    learningRateScale: settings.tokenRate,
  },
})

/** Network, corruption and loss of a step. */
export const stepConfig = (settings: A2mimSettings): StepConfig => ({
  network: networkConfig(settings),
  fill: settings.fill,
  form: lossForm(settings),
})
