import * as tf from '@tensorflow/tfjs'
import { IMAGE_SIZE } from '../../data/images.ts'
import type { Normalisation } from '../../data/viewBatch.ts'

/*
 * Images of which only lines or only one outline are left: our own design, for the data set has no masks of what it
 * shows. Both are the same for every network, and simple enough to be said in a sentence.
 */

/** Weights of red, green and blue in the brightness of a pixel (ITU-R BT.601). */
const LUMA = [0.299, 0.587, 0.114]
/** Brightness from left to right and from top to bottom, as Sobel weighs the neighbours: [3, 3, 1, 2]. */
const SOBEL = [-1, -1, 0, -2, 1, -1, -2, 0, 0, 0, 2, 0, -1, 1, 0, 2, 1, 1]
/** Side of the square over which a silhouette's image is blurred, in pixels. */
const BLUR = 5
/** Width of the margin that is taken for background, in pixels. */
const MARGIN = 2
/** Keeps an image without any edge from a division by 0. */
const TINY = 1e-6

/**
 * The length of Sobel's gradient of the brightness as a grey image, white where an image's gradient is longest.
 * @param views normalised, [B, 32, 32, 3]; so is the result
 */
export const edges = (views: tf.Tensor4D, { mean, deviation }: Normalisation): tf.Tensor4D =>
  tf.tidy(() => {
    const pixels = views.mul<tf.Tensor4D>(deviation).add<tf.Tensor4D>(mean)
    const brightness = pixels.mul<tf.Tensor4D>(LUMA).sum<tf.Tensor4D>(3, true)
    const filter = tf.tensor4d(SOBEL, [3, 3, 1, 2])
    const gradient = tf.conv2d(mirrored(brightness, 1), filter, 1, 'valid')
    const length = gradient.square().sum<tf.Tensor4D>(3, true).sqrt()
    return grey(length.div(length.max([1, 2], true).add(TINY)), { mean, deviation })
  })

/**
 * A silhouette, black on white: pixels whose blurred colour is further from the mean colour of the margin than the
 * image's pixels are on average.
 * @param views normalised, [B, 32, 32, 3]; so is the result
 */
export const silhouettes = (views: tf.Tensor4D, normalisation: Normalisation): tf.Tensor4D =>
  tf.tidy(() => {
    const blurred = tf.avgPool(mirrored(views, (BLUR - 1) / 2), BLUR, 1, 'valid')
    const margin = views.mul<tf.Tensor4D>(marginWeights()).sum<tf.Tensor4D>([1, 2], true)
    const distance = blurred.sub(margin).square().sum<tf.Tensor4D>(3, true).sqrt()
    const isNear = distance.lessEqual(distance.mean([1, 2], true))
    return grey(isNear.toFloat(), normalisation)
  })

/** Images [B, 32, 32, C] with a border in which they go on mirrored. */
const mirrored = (images: tf.Tensor4D, border: number): tf.Tensor4D =>
  tf.mirrorPad(
    images,
    [
      [0, 0],
      [border, border],
      [border, border],
      [0, 0],
    ],
    'symmetric',
  )

/** A grey image [B, 32, 32, 1] with values from 0 to 1 as a normalised view. */
const grey = (image: tf.Tensor, { mean, deviation }: Normalisation): tf.Tensor4D =>
  image.sub<tf.Tensor4D>(mean).div(deviation)

/** Weights of a mean over the margin, [1, 32, 32, 1]. */
function marginWeights(): tf.Tensor4D {
  const isMargin = (at: number): boolean => at < MARGIN || at >= IMAGE_SIZE - MARGIN
  const pixels = IMAGE_SIZE ** 2 - (IMAGE_SIZE - 2 * MARGIN) ** 2
  const weights = Float32Array.from({ length: IMAGE_SIZE ** 2 }, (_, at) =>
    isMargin(at % IMAGE_SIZE) || isMargin(Math.floor(at / IMAGE_SIZE)) ? 1 / pixels : 0,
  )
  return tf.tensor4d(weights, [1, IMAGE_SIZE, IMAGE_SIZE, 1])
}
