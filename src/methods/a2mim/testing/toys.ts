import * as tf from '@tensorflow/tfjs'

/** A value for every (image, channel, row, column). */
export type ImageFunction = (b: number, c: number, y: number, x: number) => number

/** The target and the prediction of the spec's numeric tests (section 9). */
export const toyTarget: ImageFunction = (b, c, y, x) =>
  Math.sin(0.7 * y + 1.3 * x + 2.1 * c + 0.5 * b)
export const toyPrediction: ImageFunction = (b, c, y, x) =>
  0.8 * Math.cos(0.4 * y - 0.9 * x + 1.7 * c + 0.3 * b)

/** The values of a function as flat images [batch, side, side, channels], in float64. */
export function toyValues(
  value: ImageFunction,
  batch: number,
  side: number,
  channels = 3,
): Float64Array {
  return Float64Array.from({ length: batch * side * side * channels }, (_, i) => {
    const pixel = Math.floor(i / channels)
    const row = Math.floor(pixel / side)
    return value(Math.floor(row / side), i % channels, row % side, pixel % side)
  })
}

/** The same as a tensor. */
export const toyImages = (
  value: ImageFunction,
  batch: number,
  side: number,
  channels = 3,
): tf.Tensor4D =>
  tf.tensor4d(Float32Array.from(toyValues(value, batch, side, channels)), [
    batch,
    side,
    side,
    channels,
  ])
