import { DeviceImages } from '../data/deviceImages.ts'
import type { DataCache } from '../data/cache.ts'
import { readDroppedFiles } from '../data/dropped.ts'
import type { ImageSet, LoadProgress } from '../data/images.ts'
import { loadTrainingImages } from '../data/load.ts'
import type { OfficialBatch } from '../data/official.ts'
import { firstImages } from '../data/records.ts'
import type { ShardSource } from '../data/source.ts'
import type { Engine } from '../engine/engine.ts'
import { PeekabooError } from '../errors.ts'
import { keepDropped, readDropped } from './droppedCache.ts'
import { TestImages } from './testImages.ts'

/**
 * The images of this worker: those to train on, on the host and on the GPU, loaded once and kept for the next run; and
 * test images, loaded when an evaluation needs them.
 */
export class Images {
  readonly test: TestImages
  readonly #source: ShardSource
  readonly #cache: DataCache
  readonly #batches: readonly OfficialBatch[] | undefined
  #host: ImageSet | null = null
  #device: { readonly engine: Engine; readonly images: DeviceImages } | null = null

  /** @param batches what dropped batch files must be; the official ones unless a test brings its own */
  constructor(source: ShardSource, cache: DataCache, batches?: readonly OfficialBatch[]) {
    this.#source = source
    this.#cache = cache
    this.#batches = batches
    this.test = new TestImages(source, cache)
  }

  /** The training images in memory. */
  get host(): ImageSet | null {
    return this.#host
  }

  /**
   * The first `count` training images, loaded as far as they are not in memory; where they cannot be had, those of files that
   * were dropped at an earlier visit.
   * @throws PeekabooError `data-missing` or `data-damaged`
   */
  async load(
    count: number,
    onProgress: (progress: LoadProgress) => void,
    signal: AbortSignal,
  ): Promise<ImageSet> {
    const have = this.#host ?? undefined
    const options = { cache: this.#cache, have, onProgress, signal }
    const loaded = await loadTrainingImages(this.#source, count, options).catch(
      async (error: unknown) => {
        const kept = await readDropped(this.#cache, 'train', count)
        if (kept === null || signal.aborted) throw error
        return kept
      },
    )
    if (have === undefined || have.count < count) this.#host = loaded
    return loaded
  }

  /**
   * Takes images from files that the person dropped: training images, and test images where there are any. With a count
   * of 0 just the test images.
   * @throws PeekabooError `file-rejected`; nothing has changed then
   */
  async take(
    files: readonly File[],
    count: number,
    onProgress: (progress: LoadProgress) => void,
  ): Promise<void> {
    const batches = this.#batches && { batches: this.#batches }
    const { train, test } = await readDroppedFiles(files, count, { onProgress, ...batches })
    if (test !== null) this.test.take(test)
    if (count === 0) return
    this.#host = train
    // In its own time: the run need not wait for it.
    void keepDropped(this.#cache, 'train', train)
  }

  /** The first `count` training images on the GPU, uploaded unless they are there already. */
  onDevice(engine: Engine, count: number): DeviceImages {
    if (this.#host === null || this.#host.count < count) throw new Error('images are not loaded')
    if (this.#device?.engine === engine && this.#device.images.count === count)
      return this.#device.images
    this.#freeTraining()
    const images = new DeviceImages(engine, firstImages(this.#host, count))
    this.#device = { engine, images }
    return images
  }

  /** Frees the GPU's copies. */
  freeDevice(): void {
    this.test.freeDevice()
    this.#freeTraining()
  }

  #freeTraining(): void {
    this.#device?.images.dispose()
    this.#device = null
  }
}

/** Files of images were dropped although nothing waits for any. */
export function imagesThere(count: number): PeekabooError {
  return new PeekabooError({
    code: 'file-rejected',
    what: `These look like CIFAR-10 files, but ${count.toLocaleString('en')} images are loaded already.`,
    kept: 'The present run and its images are untouched.',
    todo: 'Nothing needs to be done. To load more images, choose a larger number of training images and restart.',
  })
}
