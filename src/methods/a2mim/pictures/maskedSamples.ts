import * as tf from '@tensorflow/tfjs'
import { IMAGE_SIZE } from '../../../data/images.ts'
import { Stream } from '../../../engine/random.ts'
import { normalsAt } from '../../../engine/randomTwin.ts'
import type { Samples } from '../../method.ts'
import { maskShape } from '../config.ts'
import { drawBlockMask } from '../masking.ts'
import { hidePixels, needsNoise, pixelMaskOf } from '../corruption.ts'
import type { A2mimSettings } from '../settings.ts'

/** Numbers of an image. */
const VALUES = 3 * IMAGE_SIZE ** 2

/**
 * What hides the sample images: masks and noise, drawn by (seed, seed of the masks, data-set index), so that they stay the same
 * while training goes on.
 */
export class MaskedSamples {
  /** A mask for every image at the resolution of the mask token, 1 = hidden. */
  readonly masks: readonly Float32Array[]
  /** Side in pixels of a cell of the masks. */
  readonly cell: number
  /** Side in pixels of a hidden block. */
  readonly block: number
  /** Standard normal numbers for every image, [S, S, 3]; null where the fill has no noise. */
  readonly noise: readonly Float32Array[] | null
  readonly #settings: A2mimSettings

  constructor(settings: A2mimSettings, { indices }: Samples, maskSeed: number) {
    const { seed, maskRatio, fill } = settings
    const shape = maskShape(settings)
    this.#settings = settings
    this.cell = shape.patchSize
    this.block = shape.maskPatch
    this.masks = indices.map((index) => {
      const mask = new Float32Array((IMAGE_SIZE / shape.patchSize) ** 2)
      drawBlockMask(shape, maskRatio, [seed, Stream.sampleMask, maskSeed, index], mask)
      return mask
    })
    this.noise = needsNoise(fill)
      ? indices.map((sample) =>
          normalsAt({ seed, stream: Stream.sampleNoise, step: maskSeed, sample }, VALUES),
        )
      : null
  }

  /** What people count of every mask, 1 = hidden: patches of a ViT, hidden blocks of a network that has none. */
  get counted(): readonly ArrayLike<number>[] {
    return this.#settings.architecture === 'vit'
      ? this.masks
      : this.masks.map((_, row) => this.blocks(row))
  }

  /** Names what the kernels of `tensors` and `fill` depend on. */
  get name(): string {
    return `${this.cell} ${this.#settings.fill}`
  }

  /**
   * Images whose hidden pixels are filled.
   * @param images [B, S, S, 3], normalised
   * @param pixelMask of `tensors`
   */
  fill(images: tf.Tensor4D, pixelMask: tf.Tensor4D): tf.Tensor4D {
    const { fill, noiseLevel } = this.#settings
    if (this.noise === null) return hidePixels(images, pixelMask, fill)
    const values = tf.tensor4d(joined(this.noise), [this.noise.length, IMAGE_SIZE, IMAGE_SIZE, 3])
    return hidePixels(images, pixelMask, fill, { values, level: tf.scalar(noiseLevel) })
  }

  /** The hidden blocks of one image, 1 = hidden, [blocks]. */
  blocks(row: number): Uint8Array {
    const grid = IMAGE_SIZE / this.block
    const [cells, span] = [IMAGE_SIZE / this.cell, this.block / this.cell]
    return Uint8Array.from(
      { length: grid * grid },
      (_, i) => this.masks[row]![Math.floor(i / grid) * span * cells + (i % grid) * span]!,
    )
  }

  /** The masks: at their resolution [B, N], and of the pixels [B, S, S, 1]. */
  tensors(): { readonly mask: tf.Tensor2D; readonly pixelMask: tf.Tensor4D } {
    const mask = tf.tensor2d(joined(this.masks), [this.masks.length, this.masks[0]!.length])
    return { mask, pixelMask: pixelMaskOf(mask, this.cell) }
  }
}

/** Rows of the same length, one after the other. */
export const joined = (rows: readonly Float32Array[]): Float32Array => {
  const all = new Float32Array(rows.length * rows[0]!.length)
  rows.forEach((row, i) => all.set(row, i * row.length))
  return all
}
