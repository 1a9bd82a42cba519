import type * as tf from '@tensorflow/tfjs'
import type { Engine } from '../engine/engine.ts'
import { packViews, viewsBytes } from '../engine/kernels/views.ts'
import type { ViewDraw } from './drawViews.ts'

/** Channel means and standard deviations with which images are normalised. */
export interface Normalisation {
  readonly mean: readonly [number, number, number]
  readonly deviation: readonly [number, number, number]
}

/** What a batch needs of the images that it is cut out of. */
export interface ViewSource {
  readonly imagesPerChunk: number
  /** Whether the colours of the views are changed. */
  readonly coloured: boolean
  /** Encodes the cutting: what `packViews` gives to [count, 32, 32, 3]. */
  readonly cut: (boxes: GPUBuffer, count: number) => tf.Tensor4D
}

/** Views of a fixed number of images: which ones, and what is made of each, is chosen before every use. */
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
    this.#boxes = engine.createBuffer('crop boxes', viewsBytes(count, source.coloured), usage)
  }

  /** Bytes that every `choose` uploads. */
  get bytes(): number {
    return this.#boxes.size
  }

  /** Chooses images and what is made of them; work encoded before is submitted first, so that it sees its own. */
  choose(indices: ArrayLike<number>, { boxes, colours }: ViewDraw): void {
    const { imagesPerChunk, coloured } = this.#source
    if (coloured !== (colours !== undefined))
      throw new Error('colours are for coloured views, and those need them')
    const { mean, deviation } = this.#normalisation
    const placed = boxes.map((box, i) => ({
      ...box,
      image: indices[i]! % imagesPerChunk,
      chunk: Math.floor(indices[i]! / imagesPerChunk),
      ...(colours && { changes: colours[i]! }),
    }))
    const words = packViews(placed, mean, deviation, coloured)
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
