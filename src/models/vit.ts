import * as tf from '@tensorflow/tfjs'
import { attention, attentionProbabilities } from '../engine/ops/attention.ts'
import { layerNorm, layerNormSkip } from '../engine/ops/layerNorm.ts'
import { linear } from '../engine/ops/linear.ts'
import { mlp } from '../engine/ops/mlp.ts'
import type { ParameterSource, ParameterSpec } from '../engine/parameters.ts'
import { addToEach } from './broadcast.ts'
import { keepPairs, keepTokens, rearrangePositions, type CellPositions } from './cells.ts'
import {
  constantParameter,
  linearParameters,
  normalParameter,
  normParameters,
  uniformParameter,
  xavierParameter,
  type Initialisation,
} from './initial.ts'
import { patchify } from './patches.ts'
import { scaledResidual } from './scaledResidual.ts'
import { relativeBias, relativeTableSize } from './relativePositions.ts'
import { sincosPositions } from './sincos.ts'

/** Shape of a pre-norm vision transformer. */
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
  /** Whether a class token goes through the blocks, before the patch tokens. */
  readonly classToken: boolean
  /** The position table: learned, or fixed sines and cosines (see `sincosPositions`), of which a class token has none. */
  readonly positions: 'learned' | 'sincos'
  /** Relative position bias in every layer, for a transformer with a class token; then the keys have no bias (BEiT). */
  readonly relativePositions: boolean
  /** Initial LayerScale; 0 = none. */
  readonly layerScale: number
  readonly initialisation: Initialisation
}

/** Patches a side. */
export const gridOf = ({ imageSize, patchSize }: VitConfig): number => imageSize / patchSize

/** Tokens of an image: its patches, and the class token where there is one. */
const tokensOf = (config: VitConfig): number => gridOf(config) ** 2 + Number(config.classToken)

/** All parameters of the transformer, named as in timm (weights [out, in]) so that they load in PyTorch. */
export function vitParameters(config: VitConfig, seed: number): ParameterSpec[] {
  const { width, depth, classToken, positions } = config
  return [
    ...(classToken ? [normalParameter(seed, 'cls_token', [1, 1, width], false)] : []),
    ...(positions === 'learned'
      ? [normalParameter(seed, 'pos_embed', [1, tokensOf(config), width], false)]
      : []),
    ...patchParameters(config, seed, 'patch_embed.proj'),
    ...Array.from({ length: depth }, (_, i) => blockParameters(config, seed, `blocks.${i}`)).flat(),
    ...normParameters('norm', width),
  ]
}

/** The patch embedding, a convolution. With Xavier's weights its bias is drawn, as is the rule for convolutions in torch. */
function patchParameters(
  { width, patchSize, initialisation }: VitConfig,
  seed: number,
  name: string,
): ParameterSpec[] {
  const shape = [width, 3, patchSize, patchSize] as const
  if (initialisation === 'truncatedNormal') return linearParameters(seed, name, shape)
  const bound = 1 / Math.sqrt(3 * patchSize * patchSize)
  return [
    xavierParameter(seed, `${name}.weight`, shape),
    uniformParameter(seed, `${name}.bias`, [width], false, bound),
  ]
}

function blockParameters(config: VitConfig, seed: number, name: string): ParameterSpec[] {
  const { width, mlpWidth, heads, layerScale, relativePositions, initialisation } = config
  const dense = (part: string, shape: readonly [number, number]): ParameterSpec[] =>
    linearParameters(seed, `${name}.${part}`, shape, initialisation)
  const [qkvWeight, qkvBias] = dense('attn.qkv', [3 * width, width])
  const qkv = relativePositions
    ? [
        qkvWeight!,
        constantParameter(`${name}.attn.q_bias`, [width], 0),
        constantParameter(`${name}.attn.v_bias`, [width], 0),
        normalParameter(
          seed,
          `${name}.attn.relative_position_bias_table`,
          [relativeTableSize(gridOf(config)), heads],
          false,
        ),
      ]
    : [qkvWeight!, qkvBias!]
  const scale = (branch: string): ParameterSpec[] =>
    layerScale > 0 ? [constantParameter(`${name}.${branch}.gamma`, [width], layerScale)] : []
  return [
    ...normParameters(`${name}.norm1`, width),
    ...qkv,
    ...dense('attn.proj', [width, width]),
    ...scale('ls1'),
    ...normParameters(`${name}.norm2`, width),
    ...dense('mlp.fc1', [mlpWidth, width]),
    ...dense('mlp.fc2', [width, mlpWidth]),
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

/** Which cells take part in a forward pass, and where. */
export interface VitPlaces {
  /**
   * Cells whose patch tokens go into the first block, [kept], whole numbers in float32, the same for all images; all
   * when absent. A token keeps its position, and a class token stays.
   */
  readonly kept?: tf.Tensor1D
  /** See `CellPositions`; as they are when absent. */
  readonly positions?: CellPositions
}

/** What may be done differently in one forward pass; T tokens, of which a class token is the first. */
export interface VitOptions extends VitPlaces {
  /** Changes the tokens [B, T, D] at the input of block `block` (from 0). */
  readonly beforeBlock?: (tokens: tf.Tensor3D, block: number) => tf.Tensor3D
  /** Receives the tokens [B, T, D] at the output of every block (from 0), before the final norm. */
  readonly afterBlock?: (tokens: tf.Tensor3D, block: number) => void
  /** Drop path: factors [2·depth, B] (0 or 1 / keep probability) on the attention and MLP branch of every block. */
  readonly pathFactors?: tf.Tensor2D
  /** Receives the attention probabilities [B, heads, T, T] of every block. */
  readonly onAttention?: (probabilities: tf.Tensor4D, block: number) => void
}

/**
 * A vision transformer as pure functions of its parameters. `encode` is the whole way of patch embeddings; its parts serve
 * networks that do something between them, such as leaving out other tokens in every image.
 */
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

  /** Patch embeddings [B, N, D] to tokens [B, T, D] with positions, the class token first where there is one. */
  place(patches: tf.Tensor3D, { kept, positions }: VitPlaces = {}): tf.Tensor3D {
    const { classToken } = this.#config
    const first = classToken ? 1 : 0
    const tokens = classToken
      ? tf.concat([this.#classTokens(patches.shape[0]), patches], 1)
      : patches
    const table = this.#positions()
    const places = positions === undefined ? table : rearrangePositions(table, positions, first)
    // Nothing is to be learned about a fixed table.
    const placed =
      this.#config.positions === 'learned'
        ? addToEach(tokens, places)
        : tokens.add<tf.Tensor3D>(places)
    return kept === undefined ? placed : keepTokens(placed, kept, first)
  }

  /**
   * All blocks: tokens [B, T, D] to tokens [B, T, D] before the final norm. Without relative positions any tokens will do,
   * T and B too; with them they are those that `place` made with the same options.
   */
  run(tokens: tf.Tensor3D, options: VitOptions = {}): tf.Tensor3D {
    let x = tokens
    for (let block = 0; block < this.#config.depth; block++) {
      if (options.beforeBlock) x = options.beforeBlock(x, block)
      x = this.#block(x, block, options)
      options.afterBlock?.(x, block)
    }
    return x
  }

  /** The final norm, of tokens [..., D]. */
  norm<T extends tf.Tensor>(tokens: T): T {
    const [weight, bias] = [this.#parameters.get('norm.weight'), this.#parameters.get('norm.bias')]
    return layerNorm(tokens, weight, bias, this.#config.layerNormEpsilon)
  }

  /** Patch embeddings [B, N, D] to features [B, T, D] after the final norm, the class token first where there is one. */
  encode(patches: tf.Tensor3D, options: VitOptions = {}): tf.Tensor3D {
    return this.norm(this.run(this.place(patches, options), options))
  }

  /** The class token for each of `count` images: [count, 1, D]. */
  #classTokens(count: number): tf.Tensor3D {
    // Spread by an addition: the gradient of tfjs' tile takes an addition for every copy.
    const none = tf.zeros<tf.Rank.R3>([count, 1, this.#config.width])
    return addToEach(none, this.#parameters.get('cls_token'))
  }

  /** The position table [1, T, D]. */
  #positions(): tf.Tensor3D {
    if (this.#config.positions === 'learned')
      return this.#parameters.get('pos_embed') as tf.Tensor3D
    const { width, classToken } = this.#config
    const table = sincosPositions(gridOf(this.#config), width)
    const ofClass = new Float32Array(classToken ? width : 0)
    const shape = [1, tokensOf(this.#config), width] as const
    return tf.tensor3d(Float32Array.of(...ofClass, ...table), [...shape])
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
