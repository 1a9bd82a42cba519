import type * as tf from '@tensorflow/tfjs'
import type { Engine } from '../engine/engine.ts'
import { groupsFor, kernelNamed } from '../engine/kernel.ts'
import { colouredViewsKernelCode } from '../engine/kernels/colouredViews.ts'
import { packedPixels } from '../engine/kernels/crop.ts'
import { filterKernelCode } from '../engine/kernels/filter.ts'
import { VIEWS_WORKGROUP, viewsKernelCode } from '../engine/kernels/views.ts'
import { emptyTensor } from '../engine/tensors.ts'
import type { CropBox } from './boxes.ts'
import { IMAGE_BYTES, IMAGE_SIZE, type ImageSet } from './images.ts'
import { ViewBatch, type Normalisation, type ViewSource } from './viewBatch.ts'
import type { ViewRule } from './viewRules.ts'

/** The official A²MIM recipe's values for CIFAR (spec section 6). */
export const CIFAR_NORMALISATION: Normalisation = {
  mean: [0.4914, 0.4822, 0.4465],
  deviation: [0.2023, 0.1994, 0.201],
}

/** What of a view's rule the kernels are made for: its size, and whether there are colours and filters. */
export type ViewKind = Pick<ViewRule, 'size' | 'colour' | 'filter'>

/** Images as packed bytes on the GPU, spread over as few buffers as the device's binding size allows. */
export class DeviceImages {
  readonly count: number
  readonly #engine: Engine
  readonly #chunks: readonly GPUBuffer[]
  readonly #imagesPerChunk: number

  /**
   * Uploads the images.
   * @param largestBinding bytes of one buffer at most; the device's limits unless a test wants less
   */
  constructor(
    engine: Engine,
    images: ImageSet,
    largestBinding = Math.min(
      engine.device.limits.maxStorageBufferBindingSize,
      engine.device.limits.maxBufferSize,
    ),
  ) {
    this.#engine = engine
    this.count = images.count
    this.#imagesPerChunk = Math.min(images.count, Math.floor(largestBinding / IMAGE_BYTES))
    const chunks = Math.ceil(images.count / this.#imagesPerChunk)
    const chunkBytes = this.#imagesPerChunk * IMAGE_BYTES
    this.#chunks = Array.from({ length: chunks }, (_, i) => {
      const bytes = images.pixels.subarray(i * chunkBytes, (i + 1) * chunkBytes)
      const usage = GPUBufferUsage.STORAGE | GPUBufferUsage.COPY_DST
      const buffer = engine.createBuffer(`images ${i}`, bytes.length, usage)
      engine.device.queue.writeBuffer(buffer, 0, bytes as Uint8Array<ArrayBuffer>)
      return buffer
    })
  }

  /**
   * Views of `count` images at a time; which ones is chosen before every use.
   * @param kind the rule of the views, or as much of it as matters
   */
  batch(
    count: number,
    normalisation: Normalisation = CIFAR_NORMALISATION,
    { size = IMAGE_SIZE, colour, filter }: ViewKind = {},
  ): ViewBatch {
    const [coloured, filtered] = [colour !== undefined, filter !== undefined]
    const source: ViewSource = {
      imagesPerChunk: this.#imagesPerChunk,
      coloured,
      filtered,
      cut: (boxes, filters, images) => {
        const views = this.#cut(boxes, images, size, coloured)
        if (filters !== null) filterViews(boxes, filters, views)
        return views
      },
    }
    return new ViewBatch(this.#engine, source, count, normalisation)
  }

  /**
   * Cuts one view out of each of some images, once.
   * @param indices which images
   * @param boxes what to cut out of each
   * @returns [count, 32, 32, 3], normalised
   */
  views(
    indices: ArrayLike<number>,
    boxes: readonly CropBox[],
    normalisation: Normalisation = CIFAR_NORMALISATION,
  ): tf.Tensor4D {
    const batch = this.batch(indices.length, normalisation)
    batch.choose(indices, { boxes })
    const views = batch.encode()
    batch.dispose()
    return views
  }

  /** Frees the buffers. */
  dispose(): void {
    this.#engine.submit()
    for (const chunk of this.#chunks) this.#engine.destroyBuffer(chunk)
  }

  #cut(boxes: GPUBuffer, count: number, size: number, coloured: boolean): tf.Tensor4D {
    const chunks = this.#chunks.length
    const result = emptyTensor<tf.Rank.R4>([count, size, size, 3])
    const [name, code, groups] = coloured
      ? (['coloured views', colouredViewsKernelCode, count] as const)
      : (['views', viewsKernelCode, groupsFor(count * size * size, VIEWS_WORKGROUP)] as const)
    kernelNamed(`${name} ${chunks} ${size}`, () =>
      code(packedPixels(chunks, IMAGE_SIZE), [size, size]),
    ).dispatchMany([boxes, result, ...this.#chunks], groups)
    return result
  }
}

/**
 * Encodes the filtering of views in place.
 * @param boxes what the views were cut with, as `packViews` gives it
 * @param filters as `packFilters` gives them
 * @param views [count, height, width, 3], normalised
 */
export function filterViews(boxes: GPUBuffer, filters: GPUBuffer, views: tf.Tensor4D): void {
  const [count, height, width] = views.shape
  kernelNamed(`filter views ${height} ${width}`, () =>
    filterKernelCode([height, width]),
  ).dispatchMany([boxes, filters, views], count)
}
