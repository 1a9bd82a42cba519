import type * as tf from '@tensorflow/tfjs'
import type { Engine } from '../engine/engine.ts'
import { filtersBytes, packFilters } from '../engine/kernels/filter.ts'
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
  /** Whether the views are filtered. */
  readonly filtered: boolean
  /** Encodes the cutting: what `packViews` and, for filtered views, `packFilters` give to [count, size, size, 3]. */
  readonly cut: (boxes: GPUBuffer, filters: GPUBuffer | null, count: number) => tf.Tensor4D
}

/** Views of a fixed number of images: which ones, and what is made of each, is chosen before every use. */
export class ViewBatch {
  readonly #engine: Engine
  readonly #source: ViewSource
  readonly #count: number
  readonly #boxes: GPUBuffer
  readonly #filters: GPUBuffer | null
  readonly #normalisation: Normalisation

  constructor(engine: Engine, source: ViewSource, count: number, normalisation: Normalisation) {
    this.#engine = engine
    this.#source = source
    this.#count = count
    this.#normalisation = normalisation
    const { coloured, filtered } = source
    const usage = GPUBufferUsage.STORAGE | GPUBufferUsage.COPY_DST
    this.#boxes = engine.createBuffer('crop boxes', viewsBytes(count, coloured), usage)
    this.#filters = filtered ? engine.createBuffer('filters', filtersBytes(count), usage) : null
  }

  /** Bytes that every `choose` uploads. */
  get bytes(): number {
    return this.#boxes.size + (this.#filters?.size ?? 0)
  }

  /** Chooses images and what is made of them; work encoded before is submitted first, so that it sees its own. */
  choose(indices: ArrayLike<number>, { boxes, colours, filters }: ViewDraw): void {
    const { imagesPerChunk, coloured, filtered } = this.#source
    if (coloured !== (colours !== undefined))
      throw new Error('colours are for coloured views, and those need them')
    if (filtered !== (filters !== undefined))
      throw new Error('filters are for filtered views, and those need them')
    const { mean, deviation } = this.#normalisation
    const placed = boxes.map((box, i) => ({
      ...box,
      image: indices[i]! % imagesPerChunk,
      chunk: Math.floor(indices[i]! / imagesPerChunk),
      ...(colours && { changes: colours[i]! }),
    }))
    const words = packViews(placed, mean, deviation, coloured)
    const ofFilters = filters && packFilters(filters)
    this.#engine.submit()
    const { queue } = this.#engine.device
    queue.writeBuffer(this.#boxes, 0, words)
    if (this.#filters !== null && ofFilters) queue.writeBuffer(this.#filters, 0, ofFilters)
  }

  /** Encodes the cutting of what was chosen: [count, size, size, 3], normalised. */
  encode(): tf.Tensor4D {
    return this.#source.cut(this.#boxes, this.#filters, this.#count)
  }

  /** Frees the buffers, after everything encoded with them has been submitted. */
  dispose(): void {
    this.#engine.submit()
    this.#engine.destroyBuffer(this.#boxes)
    if (this.#filters !== null) this.#engine.destroyBuffer(this.#filters)
  }
}
