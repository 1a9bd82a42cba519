import * as tf from '@tensorflow/tfjs'
import type { ParameterSource } from '../../engine/parameters.ts'
import { gridOf, Vit, type VitConfig } from '../../models/vit.ts'
import type { Trunk, TrunkOptions, TrunkShape } from './trunk.ts'

/** A vision transformer, and where the mask token enters it. */
export interface VitTrunkConfig extends VitConfig {
  readonly kind: 'vit'
  /** 0 = after the patch embedding; i = at the input of block i (from 1). */
  readonly maskLayer: number
}

/** Sizes of a ViT as a trunk: its patches are the cells everywhere. */
export const vitShape = ({ patchSize, width }: VitTrunkConfig): TrunkShape => ({
  tokenStride: patchSize,
  tokenWidth: width,
  stride: patchSize,
  width,
})

/** A ViT as a trunk. */
export class VitTrunk implements Trunk {
  readonly updates = {}
  readonly #config: VitTrunkConfig
  readonly #vit: Vit

  constructor(config: VitTrunkConfig, parameters: ParameterSource) {
    this.#config = config
    this.#vit = new Vit(config, parameters)
  }

  run(images: tf.Tensor4D, { enter = same, through, pathFactors }: TrunkOptions = {}): tf.Tensor3D {
    const { maskLayer, depth } = this.#config
    const pass = (tokens: tf.Tensor3D, stage: number): tf.Tensor3D =>
      through === undefined ? tokens : this.#pass(tokens, stage, through)
    const embedded = pass(this.#vit.embed(images), 0)
    const placed = this.#vit.place(maskLayer === 0 ? enter(embedded, 0) : embedded)
    const encoded = this.#vit.run(placed, {
      ...(pathFactors && { pathFactors }),
      beforeBlock: (tokens, block) => {
        const passed = block === 0 ? tokens : pass(tokens, block)
        return block === maskLayer - 1 ? enter(passed, 1) : passed
      },
    })
    return patchesOf(this.#vit.norm(pass(encoded, depth)))
  }

  /** Hands the patches among tokens out as a map. */
  #pass(
    tokens: tf.Tensor3D,
    stage: number,
    through: NonNullable<TrunkOptions['through']>,
  ): tf.Tensor3D {
    const [batch, count, width] = tokens.shape
    const grid = gridOf(this.#config)
    const hasClass = count > grid ** 2
    const patches = hasClass ? patchesOf(tokens) : tokens
    const map = patches.reshape<tf.Tensor4D>([batch, grid, grid, width])
    const passed = through(map, stage)
    if (passed === map) return tokens
    const changed = passed.reshape<tf.Tensor3D>([batch, grid ** 2, width])
    if (!hasClass) return changed
    return tf.concat([tokens.slice<tf.Tensor3D>([0, 0, 0], [-1, 1, -1]), changed], 1)
  }
}

const same = (tokens: tf.Tensor3D): tf.Tensor3D => tokens

/** The patch tokens [B, N, D] among all tokens [B, 1 + N, D]. */
const patchesOf = (tokens: tf.Tensor3D): tf.Tensor3D => tokens.slice([0, 1, 0], [-1, -1, -1])
