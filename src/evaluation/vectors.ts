import type * as tf from '@tensorflow/tfjs'
import { WHOLE_IMAGE } from '../data/boxes.ts'
import type { DeviceImages } from '../data/deviceImages.ts'
import { IMAGE_BYTES } from '../data/images.ts'
import { CIFAR_STATISTICS } from '../data/statistics.ts'
import { l2Normalise } from '../engine/ops/normalise.ts'
import type { FeatureBank } from './featureBank.ts'

/** Vectors that are compared by their cosine, made on the GPU a few at a time. */
export interface Vectors {
  readonly rows: number
  readonly width: number
  /** Unit vectors from a row on, [count, width]; the caller frees the tensor. */
  readonly unit: (from: number, count: number) => tf.Tensor2D
}

/** Features of a bank, from the row `first` on. */
export const featureVectors = (bank: FeatureBank, rows: number, first = 0): Vectors => ({
  rows,
  width: bank.width,
  unit: (from, count) => {
    const part = bank.first().slice([first + from, 0], [count, bank.width])
    const unit = l2Normalise(part)
    part.dispose()
    return unit
  },
})

/** The normalised pixels of images, from the image `first` on: made anew from the bytes whenever they are asked for. */
export const pixelVectors = (images: DeviceImages, rows: number, first = 0): Vectors => ({
  rows,
  width: IMAGE_BYTES,
  unit: (from, count) => {
    const indices = Array.from({ length: count }, (_, i) => first + from + i)
    const boxes = indices.map(() => WHOLE_IMAGE)
    const views = images.views(indices, boxes, CIFAR_STATISTICS)
    const flat = views.as2D(count, IMAGE_BYTES)
    const unit = l2Normalise(flat)
    flat.dispose()
    views.dispose()
    return unit
  },
})
