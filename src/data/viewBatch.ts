import type * as tf from '@tensorflow/tfjs'
import type { Engine } from '../engine/engine.ts'
import { packViews, viewsBytes } from '../engine/kernels/views.ts'
import type { CropBox } from './boxes.ts'

/** Channel means and standard deviations with which images are normalised. */
export interface Normalisation {
  readonly mean: readonly [number, number, number]
  readonly deviation: readonly [number, number, number]
}

/** What a batch needs of the images that it is cut out of. */
export interface ViewSource {
  readonly imagesPerChunk: number
  /** Encodes the cutting: boxes to [count, 32, 32, 3]. */
  readonly cut: (boxes: GPUBuffer, count: number) => tf.Tensor4D
}

/** Views of a fixed number of images: which ones, and what is cut out of each, is chosen before every use. */
export class ViewBatch {
  readonly #engine: Engine
  readonly #source: ViewSource
  readonly #count: number
  readonly #boxes: GPUBuffer
  readonly #normalisation: Normalisation

  constructor(engine: Engine, source: ViewSource, count: number, normalisation: Normalisation) {
    this.#engine = engine
    this.#source = source
    this.#count = count
    this.#normalisation = normalisation
    const usage = GPUBufferUsage.STORAGE | GPUBufferUsage.COPY_DST
    this.#boxes = engine.createBuffer('crop boxes', viewsBytes(count), usage)
  }

  /** Bytes that every `choose` uploads. */
  get bytes(): number {
    return this.#boxes.size
  }

  /** Chooses images and boxes; work encoded before is submitted first, so that it sees its own. */
  choose(indices: ArrayLike<number>, boxes: readonly CropBox[]): void {
    const { imagesPerChunk } = this.#source
    const { mean, deviation } = this.#normalisation
    const placed = boxes.map((box, i) => ({
      ...box,
      image: indices[i]! % imagesPerChunk,
      chunk: Math.floor(indices[i]! / imagesPerChunk),
    }))
    const words = packViews(placed, mean, deviation)
    this.#engine.submit()
    this.#engine.device.queue.writeBuffer(this.#boxes, 0, words)
  }

  /** Encodes the cutting of what was chosen: [count, 32, 32, 3], normalised. */
  encode(): tf.Tensor4D {
    return this.#source.cut(this.#boxes, this.#count)
  }

  /** Frees the buffer, after everything encoded with it has been submitted. */
  dispose(): void {
    this.#engine.submit()
    this.#engine.destroyBuffer(this.#boxes)
  }
}
