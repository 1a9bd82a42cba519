import * as tf from '@tensorflow/tfjs'
import { attend, probabilities } from '../engine/ops/attention.ts'
import { layerNorm, layerNormSkip } from '../engine/ops/layerNorm.ts'
import { linear } from '../engine/ops/linear.ts'
import { mlp } from '../engine/ops/mlp.ts'
import type { ParameterSource, ParameterSpec } from '../engine/parameters.ts'
import { addToEach } from './broadcast.ts'
import { constantParameter, linearParameters, normalParameter, normParameters } from './initial.ts'
import { scaledResidual } from './scaledResidual.ts'

/** Shape of class-attention blocks (CaiT): one learned token reads the tokens of a trunk and leaves them as they are. */
export interface ClassAttentionConfig {
  /** Channels of a token. */
  readonly width: number
  readonly heads: number
  /** Hidden channels of the MLP. */
  readonly mlpWidth: number
  readonly layerNormEpsilon: number
  readonly classBlocks: number
  /** Initial LayerScale of both branches. */
  readonly classLayerScale: number
}

/** Parameters of the class token and its blocks, named as in the code of ExtreMA. */
export function classAttentionParameters(
  config: ClassAttentionConfig,
  seed: number,
): ParameterSpec[] {
  const { width, mlpWidth, classBlocks, classLayerScale } = config
  const block = (name: string): ParameterSpec[] => [
    constantParameter(`${name}.gamma_1`, [width], classLayerScale),
    constantParameter(`${name}.gamma_2`, [width], classLayerScale),
    ...normParameters(`${name}.norm1`, width),
    ...['q', 'k', 'v', 'proj'].flatMap((part) =>
      linearParameters(seed, `${name}.attn.${part}`, [width, width], 'xavier'),
    ),
    ...normParameters(`${name}.norm2`, width),
    ...linearParameters(seed, `${name}.mlp.fc1`, [mlpWidth, width], 'xavier'),
    ...linearParameters(seed, `${name}.mlp.fc2`, [width, mlpWidth], 'xavier'),
  ]
  return [
    normalParameter(seed, 'cls_token', [1, 1, width], false),
    ...Array.from({ length: classBlocks }, (_, i) => block(`blocks_token.${i}`)).flat(),
  ]
}

/** What may be done besides in one pass of the class token. */
export interface ClassAttentionOptions {
  /** Receives the attention probabilities [R, heads, 1, 1 + n] of every block (from 0); entry 0 is the class token's own. */
  readonly onAttention?: (probabilities: tf.Tensor4D, block: number) => void
}

/** Class-attention blocks as a pure function of their parameters. */
export class ClassAttention {
  readonly #config: ClassAttentionConfig
  readonly #parameters: ParameterSource

  constructor(config: ClassAttentionConfig, parameters: ParameterSource) {
    this.#config = config
    this.#parameters = parameters
  }

  /**
   * What the class token has read after all blocks, before a final norm.
   * @param tokens [R, n, D]
   * @returns [R, D]
   */
  read(tokens: tf.Tensor3D, options: ClassAttentionOptions = {}): tf.Tensor2D {
    const { classBlocks, width } = this.#config
    const rows = tokens.shape[0]
    const none = tf.zeros<tf.Rank.R3>([rows, 1, width])
    let token = addToEach(none, this.#parameters.get('cls_token'))
    for (let block = 0; block < classBlocks; block++)
      token = this.#block(token, tokens, block, options)
    return token.reshape([rows, width])
  }

  #block(
    token: tf.Tensor3D,
    tokens: tf.Tensor3D,
    index: number,
    { onAttention }: ClassAttentionOptions,
  ): tf.Tensor3D {
    const { heads, layerNormEpsilon } = this.#config
    const name = `blocks_token.${index}`
    const get = (part: string): tf.Tensor => this.#parameters.get(`${name}.${part}`)
    const affine = (part: string): [weight: tf.Tensor, bias: tf.Tensor] => [
      get(`${part}.weight`),
      get(`${part}.bias`),
    ]
    const normal = layerNorm(tf.concat([token, tokens], 1), ...affine('norm1'), layerNormEpsilon)
    const own = normal.slice<tf.Tensor3D>([0, 0, 0], [-1, 1, -1])
    const q = linear(own, ...affine('attn.q')) as tf.Tensor3D
    const both = (part: 'weight' | 'bias'): tf.Tensor =>
      tf.concat([get(`attn.k.${part}`), get(`attn.v.${part}`)])
    const kv = linear(normal, both('weight'), both('bias')) as tf.Tensor3D
    onAttention?.(probabilities({ q, kv }, heads), index)
    const read = linear(attend({ q, kv }, heads), ...affine('attn.proj')) as tf.Tensor3D
    const first = scaledResidual(token, read, get('gamma_1'), null)
    const second = layerNormSkip(first, ...affine('norm2'), layerNormEpsilon)
    const hidden = mlp(second.normal, ...affine('mlp.fc1'), ...affine('mlp.fc2')) as tf.Tensor3D
    return scaledResidual(second.skip, hidden, get('gamma_2'), null)
  }
}
