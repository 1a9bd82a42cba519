import type * as tf from '@tensorflow/tfjs'
import { Expression } from '../../engine/fuse/expression.ts'
import { fuse } from '../../engine/ops/fuse.ts'
import { linear } from '../../engine/ops/linear.ts'
import type { ParameterSource, ParameterSpec } from '../../engine/parameters.ts'
import { constantParameter, linearParameters, normalParameter } from '../../models/initial.ts'
import { spreadToPixels, unpatchify } from '../../models/patches.ts'
import { Vit, vitParameters, type VitConfig, type VitOptions } from '../../models/vit.ts'

/** How the mask token enters (spec section 3): see `enterMaskToken`. */
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
  // Not images + (mean − images) · mask, whose rounding would let a trace of the hidden pixel through.
  return fuse('fill with mean', [images], [mean, pixelMask], (image, colour, mask) =>
    image.mul(Expression.constant(1).sub(mask)).add(colour.mul(mask)),
  )
}

/**
 * Lets the mask token T into features z where the mask m is 1.
 * @param features [B, N, D]
 * @param mask [B, N, 1], 1 = hidden
 * @param token [1, 1, D]
 * @param entry `sum`: z + T m; `replace`: z (1 − m) + T m; a tensor gamma [1, 1, D]: z (1 − m) + gamma z m + T m
 */
export function enterMaskToken<T extends tf.Tensor>(
  features: T,
  mask: tf.Tensor,
  token: tf.Tensor,
  entry: 'sum' | 'replace' | tf.Tensor,
): T {
  const kept =
    entry === 'sum'
      ? features
      : fuse('keep visible', [features], [mask], (z, m) => z.mul(Expression.constant(1).sub(m)))
  // T m is a dense layer with the mask as its only input: its gradient in T sums in one product.
  const weight = token.reshape([-1, 1])
  const entered = linear(mask, weight, null, { residual: kept, inputGradient: false }) as T
  return typeof entry === 'string' ? entered : entered.add(features.mul(entry).mul(mask))
}

/** What a forward pass may hand out on its way. */
export interface Taps {
  /** Tokens right after the mask token entered: [B, N, D] at layer 0, else [B, 1 + N, D]. */
  readonly masked?: (tokens: tf.Tensor3D) => void
  /** Patch tokens [B, N, D] after the final norm. */
  readonly features?: (tokens: tf.Tensor3D) => void
  /** The rebuilt images [B, S, S, 3]. */
  readonly prediction?: (images: tf.Tensor4D) => void
}

/** A²MIM's network on a ViT: encoder, mask token, 1×1 decoder with pixel shuffle. */
export class A2mimNetwork {
  readonly #config: A2mimConfig
  readonly #parameters: ParameterSource
  readonly #vit: Vit

  constructor(config: A2mimConfig, parameters: ParameterSource) {
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
    taps: Taps = {},
  ): tf.Tensor4D {
    const { patchSize, maskLayer } = this.#config
    const column = mask.expandDims<tf.Tensor3D>(2)
    const enter = (tokens: tf.Tensor3D, hidden: tf.Tensor3D): tf.Tensor3D => {
      const entered = this.#enter(tokens, hidden)
      taps.masked?.(entered)
      return entered
    }
    const embedded = this.#vit.embed(filled)
    const encoded = this.#vit.encode(maskLayer === 0 ? enter(embedded, column) : embedded, {
      ...options,
      beforeBlock: (tokens, block) =>
        block === maskLayer - 1 ? enter(tokens, withVisibleClass(column)) : tokens,
    })
    const features = encoded.slice<tf.Tensor3D>([0, 1, 0], [-1, -1, -1])
    taps.features?.(features)
    const prediction = unpatchify(this.#decode(features), patchSize)
    taps.prediction?.(prediction)
    return prediction
  }

  /** Features of unmasked images, without mask token: what evaluation and attention pictures use. */
  encode(images: tf.Tensor4D, options: VitOptions = {}): tf.Tensor3D {
    return this.#vit.encode(this.#vit.embed(images), options)
  }

  /** The 1×1 convolution: [B, N, D] to [B, N, 3·P·P]. */
  #decode(features: tf.Tensor3D): tf.Tensor3D {
    const weight = this.#parameters.get('decoder.weight')
    const matrix = weight.reshape(weight.shape.slice(0, 2))
    return linear(features, matrix, this.#parameters.get('decoder.bias')) as tf.Tensor3D
  }

  #enter(tokens: tf.Tensor3D, mask: tf.Tensor3D): tf.Tensor3D {
    const { tokenEntry } = this.#config
    const entry = tokenEntry === 'gamma' ? this.#parameters.get('mask_gamma') : tokenEntry
    return enterMaskToken(tokens, mask, this.#parameters.get('mask_token'), entry)
  }
}

/** Mask [B, N, 1] of the patches to one of all tokens [B, 1 + N, 1]; the class token is never hidden. */
const withVisibleClass = (mask: tf.Tensor3D): tf.Tensor3D =>
  mask.pad([
    [0, 0],
    [1, 0],
    [0, 0],
  ])

/** Mask [B, N] at pixel resolution [B, S, S, 1]. */
export const pixelMaskOf = (mask: tf.Tensor2D, patchSize: number): tf.Tensor4D =>
  spreadToPixels(mask, patchSize)
