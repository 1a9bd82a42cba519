import * as tf from '@tensorflow/tfjs'
import { layerNorm } from '../../engine/ops/layerNorm.ts'
import { linear } from '../../engine/ops/linear.ts'
import { mixLayers } from '../../engine/ops/mixLayers.ts'
import type { ParameterSource, ParameterSpec } from '../../engine/parameters.ts'
import { Decoder, decoderParameters, type DecoderConfig } from '../../models/decoder.ts'
import {
  constantParameter,
  normParameters,
  uniformParameter,
  xavierParameter,
} from '../../models/initial.ts'
import { sincosPositions } from '../../models/sincos.ts'
import { gridOf, Vit, vitParameters, type VitConfig, type VitOptions } from '../../models/vit.ts'
import { rankMasks, type MaskMistake } from './masks.ts'

export { lookingRanks, rankMasks, rankRules } from './masks.ts'
export type { MaskKind, MaskMistake, MaskRule } from './masks.ts'

/** The encoder, a transformer that hands on its raw residual stream, and the decoder that predicts from it. */
export interface RandsacConfig extends VitConfig {
  readonly classToken: false
  readonly positions: 'sincos'
  readonly relativePositions: false
  readonly finalNorm: false
  readonly decoderDepth: number
  /** Whether every decoder layer sees a mix of all encoder layers; else all of them see the last one. */
  readonly skip: boolean
  /** `uniform`: even between ±1 / √depth, weight and bias, as torch draws a linear layer; `lastLayer`: the last layer alone. */
  readonly skipInitialisation: 'uniform' | 'lastLayer'
  /** Whether every decoder layer normalises its memory. */
  readonly memoryNorm: boolean
  readonly headInitialisation: 'zero' | 'xavier'
  readonly mistake: MaskMistake
}

const SKIP = 'skip_connection'
const NORM = 'decoder_norm'
const HEAD = 'decoder_pred'

/** The matrix that mixes encoder layers for decoder layers: [decoderDepth, depth], where `skip` is on. */
export const SKIP_WEIGHT = `${SKIP}.weight`

const decoderOf = ({ decoderDepth, ...config }: RandsacConfig): DecoderConfig => ({
  ...config,
  depth: decoderDepth,
})

/** Parameters of encoder, skip connections, decoder and head. */
export const networkParameters = (config: RandsacConfig, seed: number): ParameterSpec[] => [
  ...vitParameters(config, seed),
  ...(config.skip ? skipParameters(config, seed) : []),
  ...decoderParameters(decoderOf(config), seed),
  ...normParameters(NORM, config.width),
  ...headParameters(config, seed),
]

/**
 * The matrix that mixes encoder layers, and its bias. The matrix decays as every matrix does: in the published listing it
 * is the weight of a linear layer, and recipes of this kind spare vectors alone.
 */
function skipParameters(
  { depth, decoderDepth, skipInitialisation }: RandsacConfig,
  seed: number,
): ParameterSpec[] {
  const bound = 1 / Math.sqrt(depth)
  const weight = uniformParameter(seed, SKIP_WEIGHT, [decoderDepth, depth], true, bound)
  const bias = `${SKIP}.bias`
  if (skipInitialisation === 'uniform')
    return [weight, uniformParameter(seed, bias, [decoderDepth], false, bound)]
  const lastAlone = (): Float32Array =>
    Float32Array.from({ length: decoderDepth * depth }, (_, i) => Number((i + 1) % depth === 0))
  return [{ ...weight, initial: lastAlone }, constantParameter(bias, [decoderDepth], 0)]
}

function headParameters(
  { width, patchSize, headInitialisation }: RandsacConfig,
  seed: number,
): ParameterSpec[] {
  const outputs = 3 * patchSize * patchSize
  const weight = xavierParameter(seed, `${HEAD}.weight`, [outputs, width])
  const zeros = (): Float32Array => new Float32Array(outputs * width)
  return [
    headInitialisation === 'zero' ? { ...weight, initial: zeros } : weight,
    constantParameter(`${HEAD}.bias`, [outputs], 0),
  ]
}

/** What a forward pass may hand out on its way. Attention is by layers from 0, [B, heads, N, N], query by key. */
export interface Taps {
  /** The raw residual stream [B, N, D] after every encoder layer, from 0. */
  readonly onEncoded?: (tokens: tf.Tensor3D, layer: number) => void
  readonly onEncoderAttention?: (probabilities: tf.Tensor4D, layer: number) => void
  readonly onDecoderAttention?: (probabilities: tf.Tensor4D, layer: number) => void
  readonly onMemoryAttention?: (probabilities: tf.Tensor4D, layer: number) => void
  /** The residual stream [B, N, D] after the last decoder layer. */
  readonly onDecoded?: (tokens: tf.Tensor3D) => void
  /** What `predict` gives. */
  readonly onPredicted?: (patches: tf.Tensor3D) => void
}

/** RandSAC's network as pure functions of its parameters (spec section 4). */
export class RandsacNetwork {
  readonly #config: RandsacConfig
  readonly #parameters: ParameterSource
  readonly #encoder: Vit
  readonly #decoder: Decoder

  constructor(config: RandsacConfig, parameters: ParameterSource) {
    this.#config = config
    this.#parameters = parameters
    this.#encoder = new Vit(config, parameters)
    this.#decoder = new Decoder(decoderOf(config), parameters)
  }

  /**
   * Predicts every segment of images from the segments before it; what stands for rank 0 is of no meaning.
   * @param images [B, S, S, 3]
   * @param ranks [B, N], whole numbers from 0 in float32
   * @returns patches [B, N, 3·P·P], flattened as (channel, row, column)
   */
  predict(images: tf.Tensor4D, ranks: tf.Tensor2D, taps: Taps = {}): tf.Tensor3D {
    return this.predictFrom(this.embed(images), ranks, taps)
  }

  /** Images [B, S, S, 3] to patch embeddings [B, N, D]: all that the network knows of pixels. */
  embed(images: tf.Tensor4D): tf.Tensor3D {
    return this.#encoder.embed(images)
  }

  /** As `predict`, from patch embeddings [B, N, D]. */
  predictFrom(patches: tf.Tensor3D, ranks: tf.Tensor2D, taps: Taps = {}): tf.Tensor3D {
    const masks = rankMasks(this.#config.mistake, ranks)
    const layers: tf.Tensor3D[] = []
    this.#encoder.encode(patches, {
      ranks: masks.encoder,
      afterBlock(tokens, layer) {
        layers.push(tokens)
        taps.onEncoded?.(tokens, layer)
      },
      ...(taps.onEncoderAttention && { onAttention: taps.onEncoderAttention }),
    })
    const decoded = this.#decoder.run(
      this.#queries(patches.shape[0]),
      this.#memories(layers),
      { self: masks.decoderSelf, memory: masks.memory },
      {
        ...(taps.onDecoderAttention && { onSelfAttention: taps.onDecoderAttention }),
        ...(taps.onMemoryAttention && { onMemoryAttention: taps.onMemoryAttention }),
      },
    )
    taps.onDecoded?.(decoded)
    const predictions = this.#head(decoded)
    taps.onPredicted?.(predictions)
    return predictions
  }

  /**
   * The encoder alone: images [B, S, S, 3] to the tokens [B, N, D] of its last block, without norm. All tokens see all
   * others unless the options say otherwise.
   */
  encode(images: tf.Tensor4D, options: VitOptions = {}): tf.Tensor3D {
    return this.#encoder.encode(this.embed(images), options)
  }

  /** Positions and nothing else, the same for every image: [B, N, D]. A constant. */
  #queries(images: number): tf.Tensor3D {
    const grid = gridOf(this.#config)
    const { width } = this.#config
    const table = tf.tensor3d(sincosPositions(grid, width), [1, grid * grid, width])
    return table.tile([images, 1, 1])
  }

  /** What every decoder layer sees of the encoder’s layers [B, N, D]. */
  #memories(layers: readonly tf.Tensor3D[]): tf.Tensor3D[] {
    const { skip, decoderDepth } = this.#config
    if (!skip) return Array.from({ length: decoderDepth }, () => layers.at(-1)!)
    const [weight, bias] = this.#affine(SKIP)
    return mixLayers(layers, weight, bias) as tf.Tensor3D[]
  }

  #head(decoded: tf.Tensor3D): tf.Tensor3D {
    const normal = layerNorm(decoded, ...this.#affine(NORM), this.#config.layerNormEpsilon)
    return linear(normal, ...this.#affine(HEAD)) as tf.Tensor3D
  }

  #affine(name: string): [weight: tf.Tensor, bias: tf.Tensor] {
    return [this.#parameters.get(`${name}.weight`), this.#parameters.get(`${name}.bias`)]
  }
}
