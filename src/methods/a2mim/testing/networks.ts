import * as tf from '@tensorflow/tfjs'
import type { ParameterSource } from '../../../engine/parameters.ts'
import { upload } from '../../../engine/testing/run.ts'
import { livelySpecs, sourceOf } from '../../../models/testing/sources.ts'
import { networkParameters, type A2mimConfig } from '../network.ts'
import type { ResnetTrunkConfig } from '../resnetTrunk.ts'
import type { VitTrunkConfig } from '../vitTrunk.ts'

/** A ViT on images of 16 pixels in which everything is there that may be. */
export const SMALL_VIT: VitTrunkConfig = {
  kind: 'vit',
  imageSize: 16,
  patchSize: 4,
  width: 12,
  depth: 2,
  heads: 3,
  mlpWidth: 24,
  layerNormEpsilon: 1e-6,
  finalNorm: true,
  classToken: true,
  positions: 'learned',
  relativePositions: true,
  layerScale: 0.1,
  initialisation: 'truncatedNormal',
  maskLayer: 0,
}

/** A ResNet of three stages. */
export const SMALL_RESNET: ResnetTrunkConfig = {
  kind: 'resnet',
  block: 'basic',
  stemWidth: 4,
  blocks: [1, 1, 1],
  tokenStage: 2,
}

/** Parameters of a network in which everything matters, as tensors of their own. */
export function livelySource(config: A2mimConfig): {
  readonly source: ParameterSource
  readonly dispose: () => void
} {
  const specs = livelySpecs(networkParameters(config, 1))
  const tensors = specs.map(({ shape, initial }) => tf.keep(upload({ shape, data: initial() })))
  return { source: sourceOf(specs, tensors), dispose: () => tf.dispose(tensors) }
}
