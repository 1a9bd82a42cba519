import * as tf from '@tensorflow/tfjs'
import { attend, probabilities, type RankMask, type ScoreChange } from '../engine/ops/attention.ts'
import { layerNorm, layerNormSkip } from '../engine/ops/layerNorm.ts'
import { linear } from '../engine/ops/linear.ts'
import { mlp } from '../engine/ops/mlp.ts'
import type { ParameterSource } from '../engine/parameters.ts'
import { addToEach } from './broadcast.ts'
import { keepPairs, keepTokens, rearrangePositions, type CellPositions } from './cells.ts'
import { patchify } from './patches.ts'
import { scaledResidual } from './scaledResidual.ts'
import { relativeBias } from './relativePositions.ts'
import { sincosPositions } from './sincos.ts'
import { gridOf, tokensOf, type VitConfig } from './vitSpecs.ts'

export { gridOf, vitLayerOf, vitParameters, type VitConfig } from './vitSpecs.ts'

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
  /** Which tokens see which, by their ranks [B, T] or [T]; all see all when absent. Not together with relative positions. */
  readonly ranks?: RankMask
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

  /** The final norm of tokens [..., D]; where there is none, the tokens as they are. */
  norm<T extends tf.Tensor>(tokens: T): T {
    if (!this.#config.finalNorm) return tokens
    const [weight, bias] = [this.#parameters.get('norm.weight'), this.#parameters.get('norm.bias')]
    return layerNorm(tokens, weight, bias, this.#config.layerNormEpsilon)
  }

  /** Patch embeddings [B, N, D] to features [B, T, D] after the final norm if there is one, the class token first where there is one. */
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
    const change = this.#scoreChange(name, options)
    onAttention?.(probabilities({ qkv }, heads, change), index)
    const attended = attend({ qkv }, heads, change)
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

  #scoreChange(name: string, { ranks, kept, positions }: VitOptions): ScoreChange | null {
    if (ranks !== undefined) {
      if (this.#config.relativePositions)
        throw new Error('attention by ranks knows no relative positions')
      return { ranks }
    }
    if (!this.#config.relativePositions || positions === 'removed') return null
    const table = this.#parameters.get(`${name}.attn.relative_position_bias_table`) as tf.Tensor2D
    const bias = relativeBias(table, gridOf(this.#config))
    return { bias: kept === undefined ? bias : keepPairs(bias, kept) }
  }
}
