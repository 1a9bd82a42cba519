import type * as tf from '@tensorflow/tfjs'
import type { Engine } from '../engine/engine.ts'
import { groupsFor, Kernel } from '../engine/kernel.ts'
import { VIEWS_WORKGROUP, viewsKernelCode } from '../engine/kernels/views.ts'
import { emptyTensor } from '../engine/tensors.ts'
import type { CropBox } from './boxes.ts'
import { IMAGE_BYTES, IMAGE_SIZE, type ImageSet } from './images.ts'

/** Channel means and standard deviations with which images are normalised. */
export interface Normalisation {
  readonly mean: readonly [number, number, number]
  readonly deviation: readonly [number, number, number]
}

/** The official A²MIM recipe's values for CIFAR (spec section 6). */
export const CIFAR_NORMALISATION: Normalisation = {
  mean: [0.4914, 0.4822, 0.4465],
  deviation: [0.2023, 0.1994, 0.201],
}

const HEADER_FLOATS = 8
const BOX_WORDS = 8

/** Images as packed bytes on the GPU, spread over as few buffers as the device's binding size allows. */
export class DeviceImages {
  readonly count: number
  readonly #engine: Engine
  readonly #chunks: readonly GPUBuffer[]
  readonly #imagesPerChunk: number
  readonly #kernel: Kernel
  #boxes: GPUBuffer | null = null

  /**
   * Uploads the images.
   * @param largestBinding bytes of one buffer at most; the device's limit unless a test wants less
   */
  constructor(
    engine: Engine,
    images: ImageSet,
    largestBinding = engine.device.limits.maxStorageBufferBindingSize,
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
    this.#kernel = new Kernel(engine, 'views', viewsKernelCode(chunks, IMAGE_SIZE, IMAGE_SIZE))
  }

  /**
   * Cuts one view out of every image of a batch.
   * @param indices which images
   * @param boxes what to cut out of each
   * @returns [batch, 32, 32, 3], normalised
   */
  views(
    indices: ArrayLike<number>,
    boxes: readonly CropBox[],
    { mean, deviation }: Normalisation = CIFAR_NORMALISATION,
  ): tf.Tensor4D {
    const count = indices.length
    const words = new Int32Array(HEADER_FLOATS + BOX_WORDS * count)
    const floats = new Float32Array(words.buffer)
    floats.set(mean, 0)
    words[3] = count
    floats.set(deviation, 4)
    boxes.forEach((box, i) => {
      const index = indices[i]!
      const image = index % this.#imagesPerChunk
      const chunk = Math.floor(index / this.#imagesPerChunk)
      const { top, left, height, width, flip } = box
      words.set(
        [image, chunk, top, left, height, width, Number(flip)],
        HEADER_FLOATS + BOX_WORDS * i,
      )
    })
    const result = emptyTensor<tf.Rank.R4>([count, IMAGE_SIZE, IMAGE_SIZE, 3])
    const groups = groupsFor(count * IMAGE_SIZE * IMAGE_SIZE, VIEWS_WORKGROUP)
    this.#kernel.dispatchMany([this.#upload(words), result, ...this.#chunks], groups)
    return result
  }

  /** Frees the buffers. */
  dispose(): void {
    this.#engine.submit()
    for (const chunk of this.#chunks) this.#engine.destroyBuffer(chunk)
    if (this.#boxes !== null) this.#engine.destroyBuffer(this.#boxes)
  }

  /** Writes the boxes into a buffer that is kept; work encoded earlier is submitted first, so that it sees its own. */
  #upload(words: Int32Array<ArrayBuffer>): GPUBuffer {
    this.#engine.submit()
    if (this.#boxes?.size !== words.byteLength) {
      if (this.#boxes !== null) this.#engine.destroyBuffer(this.#boxes)
      const usage = GPUBufferUsage.STORAGE | GPUBufferUsage.COPY_DST
      this.#boxes = this.#engine.createBuffer('crop boxes', words.byteLength, usage)
    }
    this.#engine.device.queue.writeBuffer(this.#boxes, 0, words)
    return this.#boxes
  }
}
