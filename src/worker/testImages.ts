import type { DataCache } from '../data/cache.ts'
import { DeviceImages } from '../data/deviceImages.ts'
import type { ImageSet, LoadProgress } from '../data/images.ts'
import { loadTestImages } from '../data/load.ts'
import { SHARD_RECORDS } from '../data/manifest.ts'
import { ARCHIVE_FILE, splitRecords } from '../data/official.ts'
import type { ShardSource } from '../data/source.ts'
import type { Engine } from '../engine/engine.ts'
import { PeekabooError, type Fault } from '../errors.ts'
import type { LabelledImages } from '../evaluation/subject.ts'
import { keepDropped, readDropped } from './droppedCache.ts'

/** The test images of this worker, on the host and on the GPU: only as many as were needed so far. */
export class TestImages {
  readonly #source: ShardSource
  readonly #cache: DataCache
  #host: ImageSet | null = null
  /** The last one holds the most. The others may be in use. */
  #device: { readonly engine: Engine; readonly labelled: LabelledImages }[] = []
  /** Loading happens one after the other: the next one finds what the one before has loaded. */
  #turn: Promise<unknown> = Promise.resolve()

  constructor(source: ShardSource, cache: DataCache) {
    this.#source = source
    this.#cache = cache
  }

  /** The images in memory. */
  get host(): ImageSet | null {
    return this.#host
  }

  /** Whether so many images are in memory. */
  has(count: number): boolean {
    return (this.#host?.count ?? 0) >= count
  }

  /**
   * Loads the first `count` images, or a few more, as far as they are not in memory; where they cannot be had, those of files that were
   * dropped at an earlier visit.
   * @param signal aborting it ends loading with the signal's reason
   * @throws PeekabooError `data-missing` or `data-damaged`, with what to drop
   */
  load(
    count: number,
    onProgress?: (progress: LoadProgress) => void,
    signal?: AbortSignal,
  ): Promise<void> {
    const turn = this.#turn.then(() => this.#load(count, onProgress, signal))
    this.#turn = turn.catch(() => undefined)
    return turn
  }

  /** Takes the test images of files that the person dropped. */
  take(images: ImageSet): void {
    this.#host = images
    // In its own time: nobody need wait for it.
    void keepDropped(this.#cache, 'test', images)
  }

  /** At least the first `count` images, also on the GPU: uploaded unless they are there already. */
  onDevice(engine: Engine, count: number): LabelledImages {
    const last = this.#device.at(-1)
    if (last?.engine === engine && last.labelled.host.count >= count) return last.labelled
    if (this.#host === null || this.#host.count < count) throw new Error('images are not loaded')
    const labelled = { host: this.#host, device: new DeviceImages(engine, this.#host) }
    this.#device.push({ engine, labelled })
    return labelled
  }

  /** Frees the GPU's copies that others have replaced; while no evaluation uses any. */
  freeOutgrown(): void {
    for (const { labelled } of this.#device.splice(0, this.#device.length - 1))
      labelled.device.dispose()
  }

  /** Frees the GPU's copies. */
  freeDevice(): void {
    for (const { labelled } of this.#device.splice(0)) labelled.device.dispose()
  }

  async #load(
    count: number,
    onProgress?: (progress: LoadProgress) => void,
    signal?: AbortSignal,
  ): Promise<void> {
    signal?.throwIfAborted()
    const have = this.#host ?? undefined
    if (have !== undefined && have.count >= count) return
    // Whole shards: what comes with them need not be fetched again.
    const whole = Math.min(Math.ceil(count / SHARD_RECORDS) * SHARD_RECORDS, splitRecords.test)
    const options = { cache: this.#cache, have, onProgress, signal }
    const loaded = await loadTestImages(this.#source, whole, options).catch(
      async (error: unknown) => {
        signal?.throwIfAborted()
        const kept = await readDropped(this.#cache, 'test', whole)
        if (kept === null) throw withoutTestImages(error)
        return kept
      },
    )
    // Files may have been dropped meanwhile.
    if (!this.has(count)) this.#host = loaded
  }
}

/** The same in the words of evaluations, where images could not be had. */
function withoutTestImages(error: unknown): unknown {
  if (!(error instanceof PeekabooError)) return error
  const { code, what, detail = what } = error.fault
  const missing: Partial<Record<Fault['code'], string>> = {
    'data-missing': 'could not be had',
    'data-damaged': 'are damaged where the page is served',
  }
  if (missing[code] === undefined) return error
  return new PeekabooError({
    code,
    what: `The test images of CIFAR-10, which evaluations need, ${missing[code]}.`,
    kept: 'The run is untouched, and training goes on.',
    todo: `Drop the official ${ARCHIVE_FILE} or its file test_batch.bin on the page, or run \`npm run data\` where the page is served and try again.`,
    detail,
  })
}
