import type * as tf from '@tensorflow/tfjs'
import { Expression } from '../../engine/fuse/expression.ts'
import { fuse } from '../../engine/ops/fuse.ts'
import { spreadToPixels } from '../../models/patches.ts'

/**
 * What stands in hidden pixels (spec section 2): the image's mean colour; 0; noise; the pixels with noise added; the pixels
 * themselves, which is what the official code's options zero and rand come to.
 */
export type Fill = 'mean' | 'zero' | 'noise' | 'noisy' | 'unfilled'

/** Whether a fill needs noise. */
export const needsNoise = (fill: Fill): fill is 'noise' | 'noisy' =>
  fill === 'noise' || fill === 'noisy'

/** Noise for `hidePixels`. */
export interface PixelNoise {
  /** Standard normal numbers [B, S, S, 3]. */
  readonly values: tf.Tensor4D
  /** Scalar: the standard deviation that they are to have. */
  readonly level: tf.Tensor
}

const visible = (mask: Expression): Expression => Expression.constant(1).sub(mask)

/**
 * Hides pixels. What is left of a hidden pixel is exactly what its fill says: visible pixels and fill are weighted by 1 and
 * 0, as differences would let a trace of it through by their rounding.
 * @param images [B, S, S, 3]
 * @param pixelMask [B, S, S, 1], 1 = hidden
 * @param noise for fills that need it
 */
export function hidePixels(
  images: tf.Tensor4D,
  pixelMask: tf.Tensor4D,
  fill: Fill,
  noise: PixelNoise | null = null,
): tf.Tensor4D {
  if (fill === 'unfilled') return images
  if (fill === 'mean') return fillWithMean(images, pixelMask)
  if (fill === 'zero')
    return fuse('fill with zero', [images], [pixelMask], (image, mask) => image.mul(visible(mask)))
  if (noise === null) throw new Error(`the fill ${fill} needs noise`)
  return fuse(
    `fill ${fill}`,
    [images],
    [pixelMask, noise.values, noise.level],
    (image, mask, normal, level) =>
      (fill === 'noise' ? image.mul(visible(mask)) : image).add(normal.mul(level).mul(mask)),
  )
}

/**
 * Hides pixels behind the mean colour: every masked pixel becomes the mean of its channel over all pixels of its image.
 * @param images [B, S, S, 3]
 * @param pixelMask [B, S, S, 1], 1 = hidden
 */
export function fillWithMean(images: tf.Tensor4D, pixelMask: tf.Tensor4D): tf.Tensor4D {
  const mean = images.mean([1, 2], true)
  return fuse('fill with mean', [images], [mean, pixelMask], (image, colour, mask) =>
    image.mul(visible(mask)).add(colour.mul(mask)),
  )
}

/** Mask [B, cells] at pixel resolution [B, S, S, 1]; `cell` is the side of a cell in pixels. */
export const pixelMaskOf = (mask: tf.Tensor2D, cell: number): tf.Tensor4D =>
  spreadToPixels(mask, cell)
