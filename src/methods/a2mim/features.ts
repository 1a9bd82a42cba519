import type * as tf from '@tensorflow/tfjs'
import type { ParameterSource } from '../../engine/parameters.ts'
import type { FeatureRequest, Features } from '../method.ts'
import { networkConfig } from './config.ts'
import { A2mimNetwork } from './network.ts'
import type { A2mimSettings } from './settings.ts'

/** Mean of the patch tokens [B, D] among all tokens [B, 1 + N, D]. */
const meanOfPatches = (tokens: tf.Tensor3D): tf.Tensor2D =>
  tokens.slice([0, 1, 0], [-1, -1, -1]).mean<tf.Tensor2D>(1)

/** Features of unmasked images; the mask token is dropped (spec section 3). */
export function features(
  settings: A2mimSettings,
  views: tf.Tensor4D,
  parameters: ParameterSource,
  { wanted, kept, positions }: FeatureRequest,
): Features {
  const byId = new Map<string, tf.Tensor2D>()
  const tokens = new A2mimNetwork(networkConfig(settings), parameters).encode(views, {
    kept,
    positions,
    afterBlock: (output, block) => {
      const id = `layer${block + 1}`
      if (wanted.includes(id)) byId.set(id, meanOfPatches(output))
    },
  })
  if (wanted.includes('patches')) byId.set('patches', meanOfPatches(tokens))
  if (wanted.includes('class'))
    byId.set('class', tokens.slice([0, 0, 0], [-1, 1, -1]).squeeze<tf.Tensor2D>([1]))
  return {
    features: wanted.map((id) => byId.get(id)!),
    tokens: tokens.slice<tf.Tensor3D>([0, 1, 0], [-1, -1, -1]),
  }
}
