import * as tf from '@tensorflow/tfjs'
import { CIFAR_NORMALISATION } from '../../data/deviceImages.ts'
import { IMAGE_SIZE } from '../../data/images.ts'
import type { Parameters } from '../../engine/parameters.ts'
import { Stream } from '../../engine/random.ts'
import type { AttentionPicture, StripColumn, Strips } from '../../pictures.ts'
import type { Samples } from '../method.ts'
import { maskShape, networkConfig } from './config.ts'
import { drawBlockMask } from './masking.ts'
import { A2mimNetwork, fillWithMean, pixelMaskOf } from './network.ts'
import type { A2mimSettings } from './settings.ts'

const maskColumns: readonly StripColumn[] = [
  { id: 'original', label: 'Original', help: 'The image as it is in CIFAR-10.' },
  { id: 'mask', label: 'Mask', help: 'Hidden blocks are dark, visible ones light.' },
  {
    id: 'masked',
    label: 'Masked input',
    help: 'What the network sees: hidden pixels have the mean colour of the whole image.',
  },
]

const predictionColumns: readonly StripColumn[] = [
  { id: 'reconstruction', label: 'Reconstruction', help: 'What the network paints, everywhere.' },
  {
    id: 'pasted',
    label: 'Paste-in',
    help: 'The visible pixels as they are, the hidden ones as the network paints them.',
  },
  {
    id: 'error',
    label: 'Error',
    help: 'Absolute difference between paste-in and original, averaged over colours; brighter is worse.',
  },
]

const PIXELS = IMAGE_SIZE * IMAGE_SIZE
const CELL_BYTES = 4 * PIXELS
/** Grey levels of visible and hidden blocks in the mask column. */
const VISIBLE_GREY = 235
const HIDDEN_GREY = 45

/** Mask of every sample at patch resolution, by (seed of the masks, data-set index): stable while training goes on. */
function sampleMasks(
  settings: A2mimSettings,
  { indices }: Samples,
  maskSeed: number,
): { masks: Float32Array; patches: number } {
  const shape = maskShape(settings)
  const patches = (IMAGE_SIZE / shape.patchSize) ** 2
  const masks = new Float32Array(indices.length * patches)
  indices.forEach((index, row) => {
    const address = [settings.seed, Stream.sampleMask, maskSeed, index] as const
    drawBlockMask(shape, settings.maskRatio, address, masks, row * patches)
  })
  return { masks, patches }
}

/** Writes one RGBA cell from a function of channel and pixel. */
function paint(cell: Uint8ClampedArray, valueAt: (channel: number, pixel: number) => number): void {
  for (let pixel = 0; pixel < PIXELS; pixel++) {
    for (let channel = 0; channel < 3; channel++)
      cell[4 * pixel + channel] = valueAt(channel, pixel)
    cell[4 * pixel + 3] = 255
  }
}

/** Whether a pixel is hidden, from the mask at patch resolution. */
function hiddenAt(mask: Float32Array, patchSize: number): (pixel: number) => boolean {
  const grid = IMAGE_SIZE / patchSize
  return (pixel) => {
    const row = Math.floor(pixel / IMAGE_SIZE / patchSize)
    const column = Math.floor((pixel % IMAGE_SIZE) / patchSize)
    return mask[row * grid + column] === 1
  }
}

/** Original, mask and masked input, computed on the host. */
export function maskStrips(settings: A2mimSettings, samples: Samples, maskSeed: number): Strips {
  const { masks, patches } = sampleMasks(settings, samples, maskSeed)
  const rows = samples.indices.length
  const pixels = new Uint8ClampedArray(rows * maskColumns.length * CELL_BYTES)
  const masked: { count: number; of: number }[] = []
  for (let row = 0; row < rows; row++) {
    const image = samples.pixels.subarray(row * 3 * PIXELS, (row + 1) * 3 * PIXELS)
    const mask = masks.subarray(row * patches, (row + 1) * patches)
    const hidden = hiddenAt(mask, maskShape(settings).patchSize)
    const means = [0, 1, 2].map((channel) => {
      const plane = image.subarray(channel * PIXELS, (channel + 1) * PIXELS)
      return plane.reduce((sum, value) => sum + value, 0) / PIXELS
    })
    const original = (channel: number, pixel: number): number => image[channel * PIXELS + pixel]!
    const painters: ((channel: number, pixel: number) => number)[] = [
      original,
      (_, pixel) => (hidden(pixel) ? HIDDEN_GREY : VISIBLE_GREY),
      (channel, pixel) => (hidden(pixel) ? means[channel]! : original(channel, pixel)),
    ]
    painters.forEach((valueAt, column) => {
      const start = (row * maskColumns.length + column) * CELL_BYTES
      paint(pixels.subarray(start, start + CELL_BYTES), valueAt)
    })
    masked.push({ count: mask.reduce((sum, value) => sum + value, 0), of: patches })
  }
  return {
    kind: 'strips',
    columns: maskColumns,
    samples: samples.indices,
    size: IMAGE_SIZE,
    pixels,
    masked,
  }
}

/** All columns: those of `maskStrips` and what the network makes of them. */
export async function predictionStrips(
  settings: A2mimSettings,
  samples: Samples,
  maskSeed: number,
  views: tf.Tensor4D,
  parameters: Parameters,
): Promise<Strips> {
  const before = maskStrips(settings, samples, maskSeed)
  const { masks, patches } = sampleMasks(settings, samples, maskSeed)
  const rows = samples.indices.length
  const config = networkConfig(settings)
  const prediction = tf.tidy(() => {
    const mask = tf.tensor2d(masks, [rows, patches])
    const filled = fillWithMean(views, pixelMaskOf(mask, config.patchSize))
    return new A2mimNetwork(config, parameters).predict(filled, mask)
  })
  const values = (await prediction.data()) as Float32Array
  prediction.dispose()
  const columns = [...maskColumns, ...predictionColumns]
  const pixels = new Uint8ClampedArray(rows * columns.length * CELL_BYTES)
  const { mean, deviation } = CIFAR_NORMALISATION
  for (let row = 0; row < rows; row++) {
    const width = maskColumns.length * CELL_BYTES
    const start = row * columns.length * CELL_BYTES
    pixels.set(before.pixels.subarray(row * width, (row + 1) * width), start)
    const image = samples.pixels.subarray(row * 3 * PIXELS, (row + 1) * 3 * PIXELS)
    const hidden = hiddenAt(masks.subarray(row * patches, (row + 1) * patches), config.patchSize)
    const painted = (channel: number, pixel: number): number => {
      const value = values[(row * PIXELS + pixel) * 3 + channel]!
      return 255 * (value * deviation[channel]! + mean[channel]!)
    }
    const original = (channel: number, pixel: number): number => image[channel * PIXELS + pixel]!
    const errorAt = (channel: number, pixel: number): number =>
      Math.abs(Math.min(255, Math.max(0, painted(channel, pixel))) - original(channel, pixel))
    const painters: ((channel: number, pixel: number) => number)[] = [
      painted,
      (channel, pixel) => (hidden(pixel) ? painted : original)(channel, pixel),
      (_, pixel) =>
        hidden(pixel) ? (errorAt(0, pixel) + errorAt(1, pixel) + errorAt(2, pixel)) / 3 : 0,
    ]
    painters.forEach((valueAt, column) => {
      const cell = start + (maskColumns.length + column) * CELL_BYTES
      paint(pixels.subarray(cell, cell + CELL_BYTES), valueAt)
    })
  }
  return { ...before, columns, pixels }
}

/** Attention of every layer and head on one unmasked image. */
export async function attentionPicture(
  settings: A2mimSettings,
  sample: Samples,
  view: tf.Tensor4D,
  parameters: Parameters,
): Promise<AttentionPicture> {
  const config = networkConfig(settings)
  const grid = config.imageSize / config.patchSize
  const tokens = grid * grid + 1
  const stacked = tf.tidy(() => {
    const layers: tf.Tensor4D[] = []
    new A2mimNetwork(config, parameters).encode(view, {
      onAttention: (probabilities) => layers.push(probabilities),
    })
    return tf.concat(layers, 0)
  })
  const weights = (await stacked.data()) as Float32Array
  stacked.dispose()
  const image = new Uint8ClampedArray(CELL_BYTES)
  paint(image, (channel, pixel) => sample.pixels[channel * PIXELS + pixel]!)
  return {
    kind: 'attention',
    sample: sample.indices[0]!,
    layers: config.depth,
    heads: config.heads,
    grid,
    tokens,
    weights,
    image,
    size: IMAGE_SIZE,
  }
}
