import * as tf from '@tensorflow/tfjs'
import { attention, attentionProbabilities } from '../engine/ops/attention.ts'
import { layerNorm, layerNormSkip } from '../engine/ops/layerNorm.ts'
import { linear } from '../engine/ops/linear.ts'
import { mlp } from '../engine/ops/mlp.ts'
import type { ParameterSource, ParameterSpec } from '../engine/parameters.ts'
import { addToEach } from './broadcast.ts'
import { constantParameter, linearParameters, normalParameter, normParameters } from './initial.ts'
import { keepPairs, keepTokens, rearrangePositions, type CellPositions } from './cells.ts'
import { patchify } from './patches.ts'
import { scaledResidual } from './scaledResidual.ts'
import { relativeBias, relativeTableSize } from './relativePositions.ts'

/** Shape of a pre-norm vision transformer with a class token and learned positions. */
export interface VitConfig {
  readonly imageSize: number
  readonly patchSize: number
  /** Channels of a token. */
  readonly width: number
  readonly depth: number
  readonly heads: number
  /** Hidden channels of the MLP. */
  readonly mlpWidth: number
  readonly layerNormEpsilon: number
  /** Relative position bias in every layer; then the keys have no bias (BEiT). */
  readonly relativePositions: boolean
  /** Initial LayerScale; 0 = none. */
  readonly layerScale: number
}

/** Patches a side. */
export const gridOf = ({ imageSize, patchSize }: VitConfig): number => imageSize / patchSize

/** All parameters of the transformer, named as in timm (weights [out, in]) so that they load in PyTorch. */
export function vitParameters(config: VitConfig, seed: number): ParameterSpec[] {
  const { width, patchSize, depth } = config
  const tokens = gridOf(config) ** 2 + 1
  return [
    normalParameter(seed, 'cls_token', [1, 1, width], false),
    normalParameter(seed, 'pos_embed', [1, tokens, width], false),
    ...linearParameters(seed, 'patch_embed.proj', [width, 3, patchSize, patchSize]),
    ...Array.from({ length: depth }, (_, i) => blockParameters(config, seed, `blocks.${i}`)).flat(),
    ...normParameters('norm', width),
  ]
}

function blockParameters(config: VitConfig, seed: number, name: string): ParameterSpec[] {
  const { width, mlpWidth, heads, layerScale, relativePositions } = config
  const qkv = relativePositions
    ? [
        normalParameter(seed, `${name}.attn.qkv.weight`, [3 * width, width], true),
        constantParameter(`${name}.attn.q_bias`, [width], 0),
        constantParameter(`${name}.attn.v_bias`, [width], 0),
        normalParameter(
          seed,
          `${name}.attn.relative_position_bias_table`,
          [relativeTableSize(gridOf(config)), heads],
          false,
        ),
      ]
    : linearParameters(seed, `${name}.attn.qkv`, [3 * width, width])
  const scale = (branch: string): ParameterSpec[] =>
    layerScale > 0 ? [constantParameter(`${name}.${branch}.gamma`, [width], layerScale)] : []
  return [
    ...normParameters(`${name}.norm1`, width),
    ...qkv,
    ...linearParameters(seed, `${name}.attn.proj`, [width, width]),
    ...scale('ls1'),
    ...normParameters(`${name}.norm2`, width),
    ...linearParameters(seed, `${name}.mlp.fc1`, [mlpWidth, width]),
    ...linearParameters(seed, `${name}.mlp.fc2`, [width, mlpWidth]),
    ...scale('ls2'),
  ]
}

/**
 * The layer of a parameter, counted as layer-wise learning rate decay does: 0 for patch embedding, positions and class
 * token, i + 1 for block i, depth + 1 for the final norm. Null for what is no part of the transformer.
 */
export function vitLayerOf(name: string, { depth }: Pick<VitConfig, 'depth'>): number | null {
  const block = /^blocks\.(\d+)\./.exec(name)
  if (block) return Number(block[1]) + 1
  if (name.startsWith('norm.')) return depth + 1
  return /^(cls_token|pos_embed|patch_embed\..*)$/.test(name) ? 0 : null
}

/** What may be done differently in one forward pass. */
export interface VitOptions {
  /** Changes the tokens [B, 1 + N, D] at the input of block `block` (from 0). */
  readonly beforeBlock?: (tokens: tf.Tensor3D, block: number) => tf.Tensor3D
  /** Receives the tokens [B, 1 + N, D] at the output of every block (from 0), before the final norm. */
  readonly afterBlock?: (tokens: tf.Tensor3D, block: number) => void
  /** Drop path: factors [2·depth, B] (0 or 1 / keep probability) on the attention and MLP branch of every block. */
  readonly pathFactors?: tf.Tensor2D
  /** Receives the attention probabilities [B, heads, N, N] of every block. */
  readonly onAttention?: (probabilities: tf.Tensor4D, block: number) => void
  /**
   * Cells whose patch tokens go into the first block, [kept], whole numbers in float32, the same for all images; all
   * when absent. A token keeps its position, and the class token stays.
   */
  readonly kept?: tf.Tensor1D
  /** See `CellPositions`; as they are when absent. */
  readonly positions?: CellPositions
}

/** A vision transformer as pure functions of its parameters. */
export class Vit {
  readonly #config: VitConfig
  readonly #parameters: ParameterSource

  constructor(config: VitConfig, parameters: ParameterSource) {
    this.#config = config
    this.#parameters = parameters
  }

  /** Images [B, S, S, 3] to patch embeddings [B, N, D], without class token and positions. */
  embed(images: tf.Tensor4D): tf.Tensor3D {
    const patches = patchify(images, this.#config.patchSize)
    const weight = this.#parameters.get('patch_embed.proj.weight')
    const matrix = weight.reshape([this.#config.width, -1])
    const bias = this.#parameters.get('patch_embed.proj.bias')
    // Images are data: nothing is to be learned about them.
    return linear(patches, matrix, bias, { inputGradient: false }) as tf.Tensor3D
  }

  /** Patch embeddings [B, N, D] to features [B, 1 + N, D] after the final norm, class token first. */
  encode(patches: tf.Tensor3D, options: VitOptions = {}): tf.Tensor3D {
    const { depth, width } = this.#config
    // Spread by an addition: the gradient of tfjs' tile takes an addition for every copy.
    const classToken = addToEach(
      tf.zeros<tf.Rank.R3>([patches.shape[0], 1, width]),
      this.#parameters.get('cls_token'),
    )
    const { kept, positions } = options
    const table = this.#parameters.get('pos_embed') as tf.Tensor3D
    const placed = addToEach(
      tf.concat([classToken, patches], 1),
      positions === undefined ? table : rearrangePositions(table, positions),
    )
    let x = kept === undefined ? placed : keepTokens(placed, kept)
    for (let block = 0; block < depth; block++) {
      if (options.beforeBlock) x = options.beforeBlock(x, block)
      x = this.#block(x, block, options)
      options.afterBlock?.(x, block)
    }
    return this.#norm('norm', x)
  }

  #block(x: tf.Tensor3D, index: number, options: VitOptions): tf.Tensor3D {
    const { pathFactors, onAttention } = options
    const name = `blocks.${index}`
    const { heads } = this.#config
    const first = this.#normSkip(`${name}.norm1`, x)
    const qkv = linear(
      first.normal,
      this.#parameters.get(`${name}.attn.qkv.weight`),
      this.#qkvBias(name),
    ) as tf.Tensor3D
    const bias = this.#relativeBias(name, options)
    onAttention?.(attentionProbabilities(qkv, heads, bias), index)
    const attended = attention(qkv, heads, bias)
    const y = this.#join(first.skip, `${name}.ls1`, pathFactors, 2 * index, (options) => {
      const weight = this.#parameters.get(`${name}.attn.proj.weight`)
      return linear(attended, weight, this.#parameters.get(`${name}.attn.proj.bias`), options)
    })
    const second = this.#normSkip(`${name}.norm2`, y)
    return this.#join(second.skip, `${name}.ls2`, pathFactors, 2 * index + 1, (options) => {
      const [w1, b1, w2, b2] = ['fc1.weight', 'fc1.bias', 'fc2.weight', 'fc2.bias'].map((part) =>
        this.#parameters.get(`${name}.mlp.${part}`),
      )
      return mlp(second.normal, w1!, b1!, w2!, b2!, options)
    })
  }

  /** x + drop path (LayerScale (branch)); where neither is there, the branch adds x itself. */
  #join(
    x: tf.Tensor3D,
    scale: string,
    pathFactors: tf.Tensor2D | undefined,
    row: number,
    branch: (options?: { readonly residual: tf.Tensor }) => tf.Tensor,
  ): tf.Tensor3D {
    const gamma = `${scale}.gamma`
    const scales = this.#parameters.has(gamma)
    if (!scales && !pathFactors) return branch({ residual: x }) as tf.Tensor3D
    const factors = pathFactors?.slice([row, 0], [1, -1]).reshape<tf.Tensor3D>([-1, 1, 1]) ?? null
    const layerScale = scales ? this.#parameters.get(gamma) : null
    return scaledResidual(x, branch() as tf.Tensor3D, layerScale, factors)
  }

  #normSkip(name: string, x: tf.Tensor3D): { normal: tf.Tensor3D; skip: tf.Tensor3D } {
    const weight = this.#parameters.get(`${name}.weight`)
    const bias = this.#parameters.get(`${name}.bias`)
    return layerNormSkip(x, weight, bias, this.#config.layerNormEpsilon)
  }

  #norm(name: string, x: tf.Tensor3D): tf.Tensor3D {
    const weight = this.#parameters.get(`${name}.weight`)
    const bias = this.#parameters.get(`${name}.bias`)
    return layerNorm(x, weight, bias, this.#config.layerNormEpsilon)
  }

  #qkvBias(name: string): tf.Tensor {
    if (!this.#config.relativePositions) return this.#parameters.get(`${name}.attn.qkv.bias`)
    const q = this.#parameters.get(`${name}.attn.q_bias`)
    const v = this.#parameters.get(`${name}.attn.v_bias`)
    return tf.concat([q, tf.zerosLike(q), v])
  }

  #relativeBias(name: string, { kept, positions }: VitOptions): tf.Tensor3D | null {
    if (!this.#config.relativePositions || positions === 'removed') return null
    const table = this.#parameters.get(`${name}.attn.relative_position_bias_table`) as tf.Tensor2D
    const bias = relativeBias(table, gridOf(this.#config))
    return kept === undefined ? bias : keepPairs(bias, kept)
  }
}
