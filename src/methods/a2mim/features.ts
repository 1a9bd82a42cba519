import type * as tf from '@tensorflow/tfjs'
import type { ParameterSource } from '../../engine/parameters.ts'
import { ResNet } from '../../models/resnet.ts'
import { Vit } from '../../models/vit.ts'
import type { FeatureRequest, Features } from '../method.ts'
import { resnetConfig, vitConfig } from './config.ts'
import { BLOCK, CLASS, PATCHES, POOLED, STAGE } from './representations.ts'
import type { A2mimSettings } from './settings.ts'

/** Features of unmasked images; the mask token is dropped (spec section 3). */
export const features = (
  settings: A2mimSettings,
  views: tf.Tensor4D,
  parameters: ParameterSource,
  request: FeatureRequest,
): Features =>
  settings.architecture === 'vit'
    ? vitFeatures(settings, views, parameters, request)
    : resnetFeatures(settings, views, parameters, request)

/** Mean of the patch tokens [B, D] among all tokens [B, 1 + N, D]. */
const meanOfPatches = (tokens: tf.Tensor3D): tf.Tensor2D =>
  tokens.slice([0, 1, 0], [-1, -1, -1]).mean<tf.Tensor2D>(1)

function vitFeatures(
  settings: A2mimSettings,
  views: tf.Tensor4D,
  parameters: ParameterSource,
  { wanted, kept, positions }: FeatureRequest,
): Features {
  const byId = new Map<string, tf.Tensor2D>()
  const vit = new Vit(vitConfig(settings), parameters)
  const tokens = vit.encode(vit.embed(views), {
    ...(kept && { kept }),
    ...(positions && { positions }),
    afterBlock: (output, block) => {
      const id = `${BLOCK}${block + 1}`
      if (wanted.includes(id)) byId.set(id, meanOfPatches(output))
    },
  })
  if (wanted.includes(PATCHES)) byId.set(PATCHES, meanOfPatches(tokens))
  if (wanted.includes(CLASS))
    byId.set(CLASS, tokens.slice([0, 0, 0], [-1, 1, -1]).squeeze<tf.Tensor2D>([1]))
  return {
    features: wanted.map((id) => byId.get(id)!),
    tokens: tokens.slice<tf.Tensor3D>([0, 1, 0], [-1, -1, -1]),
  }
}

/** Mean over the cells of a map: [B, h, w, C] to [B, C]. */
function meanOfCells(map: tf.Tensor4D): tf.Tensor2D {
  const [batch, height, width, channels] = map.shape
  return map.reshape([batch, height * width, channels]).mean<tf.Tensor2D>(1)
}

function resnetFeatures(
  settings: A2mimSettings,
  views: tf.Tensor4D,
  parameters: ParameterSource,
  { wanted, statistics }: FeatureRequest,
): Features {
  const byId = new Map<string, tf.Tensor2D>()
  const resnet = new ResNet(
    resnetConfig(settings),
    parameters,
    statistics === undefined ? { kind: 'kept' } : { kind: 'batch', momentum: statistics },
  )
  const map = resnet.run(views, {
    afterStage: (output, stage) => {
      const id = `${STAGE}${stage + 1}`
      if (wanted.includes(id)) byId.set(id, meanOfCells(output))
    },
  })
  if (wanted.includes(POOLED)) byId.set(POOLED, meanOfCells(map))
  return {
    features: wanted.map((id) => byId.get(id)!),
    tokens: null,
    updates: resnet.updates,
  }
}
