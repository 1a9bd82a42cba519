import * as tf from '@tensorflow/tfjs'
import type { Normalisation } from '../../data/viewBatch.ts'
import { randomAt, Stream } from '../../engine/random.ts'
import type { Strips } from '../../pictures.ts'
import type { Samples } from '../method.ts'

/** Sample images and readings of pictures, for tests of what methods draw. */

/** Pixels of an image. */
export const PIXELS = 32 * 32

const random = randomAt(4, Stream.samples)

/** Three images of noise. */
export const samples: Samples = {
  indices: [17, 3, 40_000],
  pixels: Uint8Array.from({ length: 3 * 3 * PIXELS }, () => random.below(256)),
}

/** The first of them alone. */
export const one: Samples = { indices: [17], pixels: samples.pixels.subarray(0, 3 * PIXELS) }

/** Samples as a network sees them, [B, 32, 32, 3]. */
export const viewsOf = (
  { indices, pixels }: Samples,
  { mean, deviation }: Normalisation,
): tf.Tensor4D =>
  tf.tidy(() =>
    tf
      .tensor4d(Float32Array.from(pixels), [indices.length, 3, 32, 32])
      .transpose<tf.Tensor4D>([0, 2, 3, 1])
      .div(255)
      .sub(tf.tensor1d([...mean]))
      .div(tf.tensor1d([...deviation])),
  )

/** One cell of a table: RGBA bytes. */
export const cellOf = ({ columns, pixels }: Strips, row: number, id: string): Uint8ClampedArray => {
  const column = columns.findIndex((entry) => entry.id === id)
  const start = (row * columns.length + column) * PIXELS * 4
  return pixels.subarray(start, start + PIXELS * 4)
}

/** Red, green and blue of a pixel of RGBA bytes. */
export const colourAt = (picture: Uint8ClampedArray, pixel: number): number[] => [
  ...picture.subarray(4 * pixel, 4 * pixel + 3),
]

/** Red, green and blue of a pixel of a sample. */
export const originalAt = ({ pixels }: Samples, row: number, pixel: number): number[] =>
  [0, 1, 2].map((channel) => pixels[(row * 3 + channel) * PIXELS + pixel]!)

export const everyPixel: readonly number[] = Array.from({ length: PIXELS }, (_, pixel) => pixel)

/** The patch of a pixel, counted row by row. */
export const patchOf = (pixel: number, side: number): number =>
  Math.floor(pixel / 32 / side) * (32 / side) + Math.floor((pixel % 32) / side)
