import type * as tf from '@tensorflow/tfjs'
import type { ParameterSource } from '../../engine/parameters.ts'
import type { FeatureRequest, Features } from '../method.ts'
import { networkConfig } from './config.ts'
import { RandsacNetwork } from './network.ts'
import type { RandsacSettings } from './settings.ts'

/** Mean of the tokens: [B, n, D] to [B, D]. */
const meanOf = (tokens: tf.Tensor3D): tf.Tensor2D => tokens.mean<tf.Tensor2D>(1)

/** Features of whole images: the encoder alone, in which every token sees every other (spec section 7). */
export function features(
  settings: RandsacSettings,
  views: tf.Tensor4D,
  parameters: ParameterSource,
  { wanted, kept, positions }: FeatureRequest,
): Features {
  const byId = new Map<string, tf.Tensor2D>()
  const tokens = new RandsacNetwork(networkConfig(settings), parameters).encode(views, {
    ...(kept && { kept }),
    ...(positions && { positions }),
    afterBlock: (output, block) => {
      const id = `layer${block + 1}`
      if (wanted.includes(id)) byId.set(id, meanOf(output))
    },
  })
  if (wanted.includes('tokens')) byId.set('tokens', meanOf(tokens))
  return { features: wanted.map((id) => byId.get(id)!), tokens }
}
