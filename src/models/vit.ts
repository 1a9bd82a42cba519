import * as tf from '@tensorflow/tfjs'
import { attend, probabilities, type RankMask, type ScoreChange } from '../engine/ops/attention.ts'
import { layerNorm, layerNormSkip } from '../engine/ops/layerNorm.ts'
import { linear } from '../engine/ops/linear.ts'
import { mlp } from '../engine/ops/mlp.ts'
import type { ParameterSource } from '../engine/parameters.ts'
import { keepPairs } from './cells.ts'
import { patchify } from './patches.ts'
import { placeTokens, type VitPlaces } from './placing.ts'
import { scaledResidual } from './scaledResidual.ts'
import { relativeBias } from './relativePositions.ts'
import { gridOf, type VitConfig } from './vitSpecs.ts'

export type { ShownCells, VitPlaces } from './placing.ts'
export { gridOf, vitLayerOf, vitParameters, type VitConfig } from './vitSpecs.ts'

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
  place(patches: tf.Tensor3D, places: VitPlaces = {}): tf.Tensor3D {
    return placeTokens(this.#config, this.#parameters, patches, places)
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
