import { PeekabooError } from '../errors.ts'
import { randomAt, randomPermutation, Stream } from '../engine/random.ts'

/** Where in the data the next batch begins: the epoch, and how many of its images were used. */
export interface Cursor {
  readonly epoch: number
  readonly offset: number
}

/** Where a run begins. */
export const startCursor: Cursor = { epoch: 0, offset: 0 }

/** The order in which an epoch goes through the images: a permutation of 0 … count − 1. */
export function epochOrder(count: number, seed: number, epoch: number): Uint32Array {
  return randomPermutation(randomAt(seed, Stream.order, epoch), count)
}

/**
 * The batches of a run. Each is a pure function of (count, batch size, seed, cursor), so a resumed run sees the same
 * ones. Images that do not fill a batch at the end of an epoch are left out of that epoch.
 */
export class BatchSequence {
  readonly #count: number
  readonly #batchSize: number
  readonly #seed: number
  /** The order of the epoch used last; drawing it takes milliseconds, using it is needed every step. */
  #order: { readonly epoch: number; readonly indices: Uint32Array } | null = null

  /** @throws PeekabooError `setting-invalid` when there are fewer images than a batch holds. */
  constructor(count: number, batchSize: number, seed: number) {
    if (batchSize < 1 || batchSize > count)
      throw new PeekabooError({
        code: 'setting-invalid',
        what: `A batch of ${batchSize} images cannot be drawn from ${count} images.`,
        kept: 'The present run is kept.',
        todo: `Choose a batch size from 1 to ${count}, or load more images.`,
      })
    this.#count = count
    this.#batchSize = batchSize
    this.#seed = seed
  }

  /** The images of the batch at a cursor (shared memory: do not write to it), and the cursor of the one after it. */
  nextBatch(cursor: Cursor): { readonly indices: Uint32Array; readonly next: Cursor } {
    const { epoch, offset } = this.#whole(cursor)
    if (this.#order?.epoch !== epoch)
      this.#order = { epoch, indices: epochOrder(this.#count, this.#seed, epoch) }
    const end = offset + this.#batchSize
    return {
      indices: this.#order.indices.subarray(offset, end),
      next: this.#whole({ epoch, offset: end }),
    }
  }

  /** The cursor itself if a whole batch follows it in its epoch, else the beginning of the next epoch. */
  #whole(cursor: Cursor): Cursor {
    const fits = cursor.offset + this.#batchSize <= this.#count
    return fits ? cursor : { epoch: cursor.epoch + 1, offset: 0 }
  }
}
