import * as tf from '@tensorflow/tfjs'
import { linear } from '../../engine/ops/linear.ts'
import type { Parameters, ParameterSpec } from '../../engine/parameters.ts'
import { constantParameter, linearParameters, normalParameter } from '../../models/initial.ts'
import { spreadToPixels, unpatchify } from '../../models/patches.ts'
import { Vit, vitParameters, type VitConfig, type VitOptions } from '../../models/vit.ts'

/** How the mask token T enters features z where the mask m is 1 (spec section 3). */
export type TokenEntry = 'sum' | 'replace' | 'gamma'

/** The ViT, and where and how the mask token enters it. */
export interface A2mimConfig extends VitConfig {
  /** 0 = after the patch embedding; i = at the input of block i (from 1). */
  readonly maskLayer: number
  readonly tokenEntry: TokenEntry
}

/** Initial value of gamma in the `gamma` entry. */
const INITIAL_GAMMA = 1e-6

/** Parameters of encoder, mask token and decoder. */
export function networkParameters(config: A2mimConfig, seed: number): ParameterSpec[] {
  const { width, patchSize, tokenEntry } = config
  const gamma =
    tokenEntry === 'gamma' ? [constantParameter('mask_gamma', [1, 1, width], INITIAL_GAMMA)] : []
  return [
    ...vitParameters(config, seed),
    normalParameter(seed, 'mask_token', [1, 1, width], false),
    ...gamma,
    ...linearParameters(seed, 'decoder', [3 * patchSize * patchSize, width, 1, 1]),
  ]
}

/**
 * Hides pixels behind the mean colour: every masked pixel becomes the mean of its channel over all pixels of its image.
 * @param images [B, S, S, 3]
 * @param pixelMask [B, S, S, 1], 1 = hidden
 */
export function fillWithMean(images: tf.Tensor4D, pixelMask: tf.Tensor4D): tf.Tensor4D {
  const mean = images.mean([1, 2], true)
  return images.add(mean.sub(images).mul(pixelMask))
}

/**
 * Lets the mask token into features: z + T m, or z (1 − m) + T m, or z (1 − m) + gamma z m + T m.
 * @param features [B, N, D]
 * @param mask [B, N, 1], 1 = hidden
 * @param token [1, 1, D]
 * @param gamma [1, 1, D], for the `gamma` entry
 */
export function enterMaskToken<T extends tf.Tensor>(
  features: T,
  mask: tf.Tensor,
  token: tf.Tensor,
  entry: TokenEntry,
  gamma?: tf.Tensor,
): T {
  const added = token.mul(mask)
  if (entry === 'sum') return features.add(added)
  const visible = features.mul(tf.scalar(1).sub(mask))
  if (entry === 'replace' || gamma === undefined) return visible.add(added)
  return visible.add(features.mul(gamma).mul(mask)).add(added)
}

/** What a forward pass may hand out besides the prediction. */
export interface ForwardTaps {
  /** Tokens right after the mask token entered: [B, N, D] at layer 0, else [B, 1 + N, D]. */
  masked?: (tokens: tf.Tensor3D) => void
  /** Patch tokens [B, N, D] after the final norm. */
  features?: (tokens: tf.Tensor3D) => void
}

/** A²MIM's network on a ViT: encoder, mask token, 1×1 decoder with pixel shuffle. */
export class A2mimNetwork {
  readonly #config: A2mimConfig
  readonly #parameters: Parameters
  readonly #vit: Vit

  constructor(config: A2mimConfig, parameters: Parameters) {
    this.#config = config
    this.#parameters = parameters
    this.#vit = new Vit(config, parameters)
  }

  /**
   * Rebuilds images from their visible part.
   * @param filled images whose hidden pixels are filled, [B, S, S, 3]
   * @param mask [B, N], 1 = hidden
   * @returns prediction [B, S, S, 3]
   */
  predict(
    filled: tf.Tensor4D,
    mask: tf.Tensor2D,
    options: VitOptions = {},
    taps: ForwardTaps = {},
  ): tf.Tensor4D {
    const { patchSize, maskLayer } = this.#config
    const column = mask.expandDims<tf.Tensor3D>(2)
    let patches = this.#vit.embed(filled)
    if (maskLayer === 0) {
      patches = this.#enter(patches, column)
      taps.masked?.(patches)
    }
    const withClass =
      maskLayer === 0
        ? null
        : column.pad<tf.Tensor3D>([
            [0, 0],
            [1, 0],
            [0, 0],
          ])
    const encoded = this.#vit.encode(patches, {
      ...options,
      beforeBlock: (tokens, block) => {
        if (withClass === null || block !== maskLayer - 1) return tokens
        const entered = this.#enter(tokens, withClass)
        taps.masked?.(entered)
        return entered
      },
    })
    const features = encoded.slice([0, 1, 0], [-1, -1, -1])
    taps.features?.(features)
    const weight = this.#parameters.get('decoder.weight')
    const pixels = linear(
      features,
      weight.reshape<tf.Tensor2D>(weight.shape.slice(0, 2) as [number, number]),
      this.#parameters.get('decoder.bias') as tf.Tensor1D,
    )
    return unpatchify(pixels as tf.Tensor3D, patchSize, 3)
  }

  /** Features of unmasked images, without mask token: what evaluation and attention pictures use. */
  encode(images: tf.Tensor4D, options: VitOptions = {}): tf.Tensor3D {
    return this.#vit.encode(this.#vit.embed(images), options)
  }

  #enter(tokens: tf.Tensor3D, mask: tf.Tensor3D): tf.Tensor3D {
    const { tokenEntry } = this.#config
    const gamma = tokenEntry === 'gamma' ? this.#parameters.get('mask_gamma') : undefined
    return enterMaskToken(tokens, mask, this.#parameters.get('mask_token'), tokenEntry, gamma)
  }
}

/** Mask [B, N] at pixel resolution [B, S, S, 1]. */
export const pixelMaskOf = (mask: tf.Tensor2D, patchSize: number): tf.Tensor4D =>
  spreadToPixels(mask, patchSize)
