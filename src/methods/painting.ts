import type { Normalisation } from '../data/viewBatch.ts'
import { IMAGE_SIZE } from '../data/images.ts'
import type { StripColumn, Strips } from '../pictures.ts'
import type { Samples } from './method.ts'

/** Pixels of an image. */
const PIXELS = IMAGE_SIZE * IMAGE_SIZE
/** RGBA bytes of a picture. */
const PICTURE_BYTES = 4 * PIXELS
/** Grey levels of visible and hidden blocks in pictures of masks. */
const VISIBLE_GREY = 235
const HIDDEN_GREY = 45
/** The grey of patches that are not shown. */
export const NEUTRAL = 128
/** Share of the colour in a tinted pixel; the rest is the grey of the picture. */
const TINT = 0.7

/** A picture as a function: the value, 0 to 255, of a colour channel at a pixel (numbered row by row). */
export type Painter = (channel: number, pixel: number) => number

/** Which pixels are hidden. */
export type Hidden = (pixel: number) => boolean

/** One of the sample images as it is. */
export function samplePainter({ pixels }: Pick<Samples, 'pixels'>, row: number): Painter {
  const start = row * 3 * PIXELS
  return (channel, pixel) => pixels[start + channel * PIXELS + pixel]!
}

/** One of several images of a network [rows, 32, 32, 3], in normalised values; colours are kept within 0 to 255. */
export function networkPainter(
  values: Float32Array,
  row: number,
  { mean, deviation }: Normalisation,
): Painter {
  return (channel, pixel) => {
    const value = values[(row * PIXELS + pixel) * 3 + channel]!
    const colour = 255 * (value * deviation[channel]! + mean[channel]!)
    return Math.min(255, Math.max(0, colour))
  }
}

/** One colour everywhere: the mean of each channel of a picture. */
export function meanPainter(painter: Painter): Painter {
  const means = [0, 1, 2].map((channel) => {
    let sum = 0
    for (let pixel = 0; pixel < PIXELS; pixel++) sum += painter(channel, pixel)
    return sum / PIXELS
  })
  return (channel) => means[channel]!
}

/** The mask itself: hidden pixels dark, visible ones light. */
export const maskPainter =
  (hidden: Hidden): Painter =>
  (_, pixel) =>
    hidden(pixel) ? HIDDEN_GREY : VISIBLE_GREY

/** One picture in the hidden pixels and another in the visible ones. */
export const pastePainter =
  (hidden: Hidden, inside: Painter, outside: Painter): Painter =>
  (channel, pixel) =>
    (hidden(pixel) ? inside : outside)(channel, pixel)

/** The absolute difference of two pictures, averaged over the channels, in grey. */
export const errorPainter =
  (a: Painter, b: Painter): Painter =>
  (_, pixel) =>
    [0, 1, 2].reduce((sum, c) => sum + Math.abs(a(c, pixel) - b(c, pixel)), 0) / 3

/** What belongs to the patch of a pixel, from what belongs to every patch, row by row. */
export function pixelwise<T>(patches: ArrayLike<T>, patchSize: number): (pixel: number) => T {
  const grid = IMAGE_SIZE / patchSize
  return (pixel) => {
    const row = Math.floor(pixel / IMAGE_SIZE / patchSize)
    const column = Math.floor((pixel % IMAGE_SIZE) / patchSize)
    return patches[row * grid + column]!
  }
}

/**
 * Pixels whose patch has a 1 in a mask.
 * @param mask at patch resolution, row by row
 */
export function hiddenPixels(mask: ArrayLike<number>, patchSize: number): Hidden {
  const valueAt = pixelwise(mask, patchSize)
  return (pixel) => valueAt(pixel) === 1
}

/** The grey of a pixel: the mean of its channels. */
export const greyOf = (painter: Painter, pixel: number): number =>
  [0, 1, 2].reduce((sum, channel) => sum + painter(channel, pixel) / 3, 0)

/** A colour through which the brightness of a picture shows. */
export const tinted = (colour: number, picture: Painter, pixel: number): number =>
  TINT * colour + (1 - TINT) * greyOf(picture, pixel)

/** RGBA bytes of a picture. */
export function paint(painter: Painter): Uint8ClampedArray {
  const picture = new Uint8ClampedArray(PICTURE_BYTES)
  for (let pixel = 0; pixel < PIXELS; pixel++) {
    for (let channel = 0; channel < 3; channel++)
      picture[4 * pixel + channel] = painter(channel, pixel)
    picture[4 * pixel + 3] = 255
  }
  return picture
}

/**
 * Paints a table of pictures.
 * @param masks of every row, at patch resolution, for the caption
 * @param painters of a row, one a column
 */
export function paintStrips(
  { indices }: Samples,
  masks: readonly ArrayLike<number>[],
  columns: readonly StripColumn[],
  painters: (row: number) => readonly Painter[],
): Strips {
  const pixels = new Uint8ClampedArray(indices.length * columns.length * PICTURE_BYTES)
  indices.forEach((_, row) =>
    painters(row).forEach((painter, column) =>
      pixels.set(paint(painter), (row * columns.length + column) * PICTURE_BYTES),
    ),
  )
  const masked = masks.map((mask) => ({
    count: Array.from(mask).filter((value) => value === 1).length,
    of: mask.length,
  }))
  return { kind: 'strips', columns, samples: indices, size: IMAGE_SIZE, pixels, masked }
}
