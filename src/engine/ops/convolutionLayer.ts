import type * as tf from '@tensorflow/tfjs'

/** A convolution at its sizes. */
export interface ConvolutionLayer {
  readonly kernel: readonly [height: number, width: number]
  readonly stride: number
  readonly padding: number
  readonly images: number
  readonly height: number
  readonly width: number
  readonly inputs: number
  readonly outHeight: number
  readonly outWidth: number
  readonly outputs: number
}

/** A way to compute convolutions. None of its results is differentiable. */
export interface ConvolutionWay {
  /** [batch, out height, out width, out] */
  readonly forward: (
    layer: ConvolutionLayer,
    x: tf.Tensor,
    weight: tf.Tensor,
    bias: tf.Tensor | null,
  ) => tf.Tensor4D
  /** The gradient of x. */
  readonly inputGradient: (layer: ConvolutionLayer, dy: tf.Tensor, weight: tf.Tensor) => tf.Tensor4D
  /** The gradient of the weight, summed in pieces that depend on sizes alone. */
  readonly filterGradient: (layer: ConvolutionLayer, x: tf.Tensor, dy: tf.Tensor) => tf.Tensor4D
}

/** Threads that a filter gradient should keep busy; where it has fewer tiles, the positions are cut up. */
export const WANTED_TILES = 16384

/** The layer of a convolution. Throws where the filters do not fit. */
export function layerOf(
  { shape: [images, height, width, inputs] }: tf.Tensor4D,
  { shape: [outputs, expected, ...kernel] }: tf.Tensor4D,
  stride: number,
  padding: number,
): ConvolutionLayer {
  const side = (length: number, size: number): number =>
    Math.floor((length + 2 * padding - size) / stride) + 1
  const [outHeight, outWidth] = [side(height, kernel[0]), side(width, kernel[1])]
  if (expected !== inputs || outHeight < 1 || outWidth < 1)
    throw new Error(
      `${expected} channels of ${kernel.join(' × ')} do not fit [${images},${height},${width},${inputs}]`,
    )
  return {
    ...{ kernel, stride, padding, images, height, width, inputs },
    ...{ outHeight, outWidth, outputs },
  }
}
