import type * as tf from '@tensorflow/tfjs'
import { attend, probabilities, type RankMask } from '../engine/ops/attention.ts'
import { layerNorm, layerNormSkip } from '../engine/ops/layerNorm.ts'
import { linear, type LinearOptions } from '../engine/ops/linear.ts'
import { mlp } from '../engine/ops/mlp.ts'
import type { ParameterSource, ParameterSpec } from '../engine/parameters.ts'
import { constantParameter, linearParameters, normParameters, uniformParameter } from './initial.ts'

/** Shape of a pre-norm transformer decoder. */
export interface DecoderConfig {
  /** Channels of a token, of the queries and of the memory. */
  readonly width: number
  readonly depth: number
  readonly heads: number
  /** Hidden channels of the MLP. */
  readonly mlpWidth: number
  readonly layerNormEpsilon: number
  /** Whether every layer normalises its memory before keys and values. */
  readonly memoryNorm: boolean
}

const nameOf = (layer: number): string => `decoder_blocks.${layer}`

/**
 * All parameters of the decoder, weights [out, in], after Xavier as torch draws a transformer: the weights of q, k and v
 * count as one matrix [3 D, D], in cross-attention too. Biases start at 0.
 */
export function decoderParameters(config: DecoderConfig, seed: number): ParameterSpec[] {
  return Array.from({ length: config.depth }, (_, l) => layerParameters(config, seed, l)).flat()
}

function layerParameters(
  { width, mlpWidth, memoryNorm }: DecoderConfig,
  seed: number,
  layer: number,
): ParameterSpec[] {
  const name = nameOf(layer)
  const dense = (part: string, outputs: number, inputs: number): ParameterSpec[] =>
    linearParameters(seed, `${name}.${part}`, [outputs, inputs], 'xavier')
  // The largest value that Xavier gives to q, k and v in one matrix.
  const bound = Math.sqrt(6 / (3 * width + width))
  const share = (part: string, outputs: number): ParameterSpec[] => [
    uniformParameter(seed, `${name}.${part}.weight`, [outputs, width], true, bound),
    constantParameter(`${name}.${part}.bias`, [outputs], 0),
  ]
  return [
    ...normParameters(`${name}.norm1`, width),
    ...dense('self_attn.qkv', 3 * width, width),
    ...dense('self_attn.proj', width, width),
    ...normParameters(`${name}.norm2`, width),
    ...(memoryNorm ? normParameters(`${name}.memory_norm`, width) : []),
    ...share('cross_attn.q', width),
    ...share('cross_attn.kv', 2 * width),
    ...dense('cross_attn.proj', width, width),
    ...normParameters(`${name}.norm3`, width),
    ...dense('mlp.fc1', mlpWidth, width),
    ...dense('mlp.fc2', width, mlpWidth),
  ]
}

/** Who sees whom. */
export interface DecoderRanks {
  /** Queries of one another. */
  readonly self: RankMask
  /** Queries of the memory. */
  readonly memory: RankMask
}

/** What a forward pass may hand out on its way. */
export interface DecoderTaps {
  /** Receives the probabilities [B, heads, Q, Q] of self-attention in every layer (from 0). */
  readonly onSelfAttention?: (probabilities: tf.Tensor4D, layer: number) => void
  /** Receives the probabilities [B, heads, Q, M] of attention to the memory. */
  readonly onMemoryAttention?: (probabilities: tf.Tensor4D, layer: number) => void
}

/**
 * A transformer decoder as a pure function of its parameters. Layer l, with its memory Z:
 * y += self-attention(norm1(y)); y += cross-attention(norm2(y), memory_norm(Z)); y += MLP(norm3(y)).
 */
export class Decoder {
  readonly #config: DecoderConfig
  readonly #parameters: ParameterSource

  constructor(config: DecoderConfig, parameters: ParameterSource) {
    this.#config = config
    this.#parameters = parameters
  }

  /**
   * All layers; without a final norm.
   * @param queries [B, Q, D]
   * @param memories of every layer, [B, M, D]
   * @returns [B, Q, D]
   */
  run(
    queries: tf.Tensor3D,
    memories: readonly tf.Tensor3D[],
    ranks: DecoderRanks,
    taps: DecoderTaps = {},
  ): tf.Tensor3D {
    let y = queries
    for (let layer = 0; layer < this.#config.depth; layer++) {
      y = this.#lookAtEachOther(y, layer, ranks.self, taps)
      y = this.#lookAtMemory(y, memories[layer]!, layer, ranks.memory, taps)
      y = this.#mlp(y, layer)
    }
    return y
  }

  #lookAtEachOther(
    y: tf.Tensor3D,
    layer: number,
    ranks: RankMask,
    { onSelfAttention }: DecoderTaps,
  ): tf.Tensor3D {
    const { heads } = this.#config
    const name = `${nameOf(layer)}.self_attn`
    const { normal, skip } = this.#normSkip(`${nameOf(layer)}.norm1`, y)
    const source = { qkv: this.#dense(`${name}.qkv`, normal) }
    onSelfAttention?.(probabilities(source, heads, { ranks }), layer)
    return this.#dense(`${name}.proj`, attend(source, heads, { ranks }), { residual: skip })
  }

  #lookAtMemory(
    y: tf.Tensor3D,
    memory: tf.Tensor3D,
    layer: number,
    ranks: RankMask,
    { onMemoryAttention }: DecoderTaps,
  ): tf.Tensor3D {
    const { heads, memoryNorm } = this.#config
    const name = `${nameOf(layer)}.cross_attn`
    const { normal, skip } = this.#normSkip(`${nameOf(layer)}.norm2`, y)
    const seen = memoryNorm ? this.#norm(`${nameOf(layer)}.memory_norm`, memory) : memory
    const source = { q: this.#dense(`${name}.q`, normal), kv: this.#dense(`${name}.kv`, seen) }
    onMemoryAttention?.(probabilities(source, heads, { ranks }), layer)
    return this.#dense(`${name}.proj`, attend(source, heads, { ranks }), { residual: skip })
  }

  #mlp(y: tf.Tensor3D, layer: number): tf.Tensor3D {
    const { normal, skip } = this.#normSkip(`${nameOf(layer)}.norm3`, y)
    const [w1, b1] = this.#affine(`${nameOf(layer)}.mlp.fc1`)
    const [w2, b2] = this.#affine(`${nameOf(layer)}.mlp.fc2`)
    return mlp(normal, w1, b1, w2, b2, { residual: skip }) as tf.Tensor3D
  }

  #affine(name: string): [weight: tf.Tensor, bias: tf.Tensor] {
    return [this.#parameters.get(`${name}.weight`), this.#parameters.get(`${name}.bias`)]
  }

  #dense(name: string, x: tf.Tensor3D, options?: LinearOptions): tf.Tensor3D {
    return linear(x, ...this.#affine(name), options) as tf.Tensor3D
  }

  #norm(name: string, x: tf.Tensor3D): tf.Tensor3D {
    return layerNorm(x, ...this.#affine(name), this.#config.layerNormEpsilon)
  }

  #normSkip(name: string, x: tf.Tensor3D): { normal: tf.Tensor3D; skip: tf.Tensor3D } {
    return layerNormSkip(x, ...this.#affine(name), this.#config.layerNormEpsilon)
  }
}
