import * as tf from '@tensorflow/tfjs'
import type { ParameterSource } from '../../../engine/parameters.ts'
import { compileAhead } from '../../../engine/recording/compileAhead.ts'
import type { AttentionPart } from '../../../pictures.ts'
import { networkConfig } from '../config.ts'
import { RandsacNetwork, type RandsacConfig } from '../network.ts'
import { rankTensor } from './sampleOrders.ts'
import { networkName } from './predictions.ts'
import type { RandsacSettings } from '../settings.ts'
import type { Serialisation } from '../segments/serialisation.ts'

/** With more patches than these, all layers together would be hundreds of megabytes. */
const MOST_PATCHES = 256

const WORDS = [
  {
    id: 'encoder',
    label: 'Encoder (whole image)',
    help: 'Self-attention in the encoder as it is evaluated and used afterwards: without a mask, every patch sees all others.',
  },
  {
    id: 'maskedEncoder',
    label: 'Encoder (in order)',
    help: 'Self-attention in the encoder as it is trained: a patch sees its own segment and earlier ones.',
  },
  {
    id: 'decoder',
    label: 'Decoder (among predictions)',
    help: 'Self-attention in the decoder, which knows nothing but places of the patches that it is to predict: each asks those of its own segment and of earlier ones, but for the first, which is not predicted.',
  },
  {
    id: 'memory',
    label: 'Decoder (into the image)',
    help: 'Cross-attention: where a patch that is to be predicted looks in the encoded image, at earlier segments alone. The first segment has none before it and looks nowhere.',
  },
] as const

type Kind = (typeof WORDS)[number]['id']

/** The probabilities of every kind of attention in one image, [1, heads, N, N], layer by layer. */
function attentionOf(
  config: RandsacConfig,
  view: tf.Tensor4D,
  order: Serialisation,
  parameters: ParameterSource,
): Record<Kind, tf.Tensor4D[]> {
  const network = new RandsacNetwork(config, parameters)
  const layers: Record<Kind, tf.Tensor4D[]> = {
    encoder: [],
    maskedEncoder: [],
    decoder: [],
    memory: [],
  }
  const into = (kind: Kind) => (probabilities: tf.Tensor4D) => void layers[kind].push(probabilities)
  network.encode(view, { onAttention: into('encoder') })
  network.predict(view, rankTensor([order]), {
    onEncoderAttention: into('maskedEncoder'),
    onDecoderAttention: into('decoder'),
    onMemoryAttention: into('memory'),
  })
  return layers
}

/**
 * Attention in one image: in the encoder, unmasked and in the order of the sample, and in the decoder, among the patches that
 * are predicted and into the encoded image.
 * @param mostPatches with more of them, only the last layers are handed out
 */
export async function attentionParts(
  settings: RandsacSettings,
  order: Serialisation,
  view: tf.Tensor4D,
  parameters: ParameterSource,
  mostPatches = MOST_PATCHES,
): Promise<AttentionPart[]> {
  const config = networkConfig(settings)
  const from = order.ranks.length > mostPatches ? -1 : 0
  const look = (): tf.Tensor[] =>
    tf.tidy(() => {
      const layers = attentionOf(config, view, order, parameters)
      return WORDS.map(({ id }) => tf.concat(layers[id].slice(from), 0))
    })
  await compileAhead(`attention ${from} ${networkName(settings)}`, () => tf.dispose(look()))
  const tensors = look()
  const weights = await Promise.all(tensors.map((tensor) => tensor.data<'float32'>()))
  const layers = tensors.map(({ shape }) => shape[0])
  tf.dispose(tensors)
  return WORDS.map(({ id, label, help }, part) => ({
    id,
    label,
    help: from === 0 ? help : `${help} The last layer alone: there are too many patches for all.`,
    layers: layers[part]!,
    heads: config.heads,
    queries: 'patches',
    classKey: false,
    weights: weights[part]!,
  }))
}
