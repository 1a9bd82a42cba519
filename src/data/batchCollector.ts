import { PeekabooError } from '../errors.ts'
import { sha256 } from './bytes.ts'
import type { ImageSet, LoadProgress } from './images.ts'
import {
  ARCHIVE_FILE,
  BATCH_RECORDS,
  officialBatches,
  type OfficialBatch,
  type Split,
} from './official.ts'
import { emptyImages, findWrongLabel, putRecords } from './records.ts'

/** How dropped files are read. */
export interface DropOptions {
  /** Told after every batch file; `bytes` counts what was read of the dropped files. */
  readonly onProgress?: ((progress: LoadProgress) => void) | undefined
  /** Aborting it ends reading with the signal's reason. */
  readonly signal?: AbortSignal | undefined
  /** What the batch files must be; the official ones unless a test brings its own. */
  readonly batches?: readonly OfficialBatch[]
}

/** What a person may drop, in words. */
export const EXPECTED_FILES = `the official ${ARCHIVE_FILE} or its files data_batch_1.bin to data_batch_5.bin and test_batch.bin`

/** The images of dropped files. */
export interface DroppedImages {
  /** The training images that were wanted. */
  readonly train: ImageSet
  /** All test images; null when the files have none. */
  readonly test: ImageSet | null
}

/**
 * Gathers the content of batch files, each checked by its sum, until the training images that are wanted and the test
 * images are there. Test images must be had only where no training images are wanted.
 */
export class BatchCollector {
  readonly #count: number
  readonly #batches: readonly OfficialBatch[]
  /** Batches that must be had and are not yet there. */
  readonly #missing: Set<OfficialBatch>
  readonly #options: DropOptions
  readonly #ofBytes: number
  #bytes = 0
  #done = 0
  #train: ImageSet | null = null
  #test: ImageSet | null = null

  constructor(count: number, files: readonly File[], options: DropOptions) {
    this.#count = count
    this.#options = options
    this.#batches = options.batches ?? officialBatches
    const ofSplit = (split: Split) => this.#batches.filter((batch) => batch.split === split)
    this.#missing = new Set(
      count > 0 ? ofSplit('train').slice(0, Math.ceil(count / BATCH_RECORDS)) : ofSplit('test'),
    )
    this.#ofBytes = files.reduce((all, file) => all + file.size, 0)
  }

  /** Whether all images that are wanted are there, the test images included. */
  get isComplete(): boolean {
    return this.#missing.size === 0 && this.#test !== null
  }

  /** Whether an archive member is called like an official batch file. */
  knows(member: string): boolean {
    return this.#batches.some((batch) => batch.file === member)
  }

  /** Counts the bytes that are read, and stops at an abort. */
  watch(stream: ReadableStream<Uint8Array<ArrayBuffer>>): ReadableStream<Uint8Array<ArrayBuffer>> {
    const counted = new TransformStream<Uint8Array<ArrayBuffer>, Uint8Array<ArrayBuffer>>({
      transform: (chunk, controller) => {
        this.#options.signal?.throwIfAborted()
        this.#bytes += chunk.length
        controller.enqueue(chunk)
      },
    })
    return stream.pipeThrough(counted)
  }

  /** Takes the content of a batch file, if it is an official one. */
  async take(fileName: string, member: string, bytes: Uint8Array<ArrayBuffer>): Promise<void> {
    const wrong = findWrongLabel(bytes)
    if (wrong !== null)
      throw rejected(
        fileName,
        'labels from 0 to 9',
        `label ${wrong.label} in record ${wrong.record}: this is not CIFAR-10`,
      )
    const sum = await sha256(bytes)
    const batch = this.#batches.find((official) => official.sha256 === sum)
    if (batch === undefined) {
      const meant = this.#batches.find((official) => official.file === member)
      throw rejected(
        fileName,
        meant ? `${member} with SHA-256 ${meant.sha256}` : EXPECTED_FILES,
        `a file with SHA-256 ${sum}: it is damaged or not the official one`,
      )
    }
    const isMissing = this.#missing.delete(batch)
    if (batch.split === 'test') {
      this.#test ??= emptyImages(BATCH_RECORDS)
      putRecords(bytes, this.#test, 0)
      return
    }
    if (!isMissing) return
    this.#train ??= emptyImages(this.#count)
    const first = this.#batches.indexOf(batch) * BATCH_RECORDS
    putRecords(bytes, this.#train, first)
    this.#done += Math.min(BATCH_RECORDS, this.#count - first)
    this.#options.onProgress?.({
      images: this.#done,
      ofImages: this.#count,
      bytes: this.#bytes,
      ofBytes: this.#ofBytes,
      cached: false,
    })
  }

  /** The images. @throws PeekabooError `file-rejected` naming the batch files that are missing. */
  result(): DroppedImages {
    if (this.#missing.size > 0) {
      const names = [...this.#missing].map((batch) => batch.file).join(', ')
      throw new PeekabooError({
        code: 'file-rejected',
        what: `For ${this.#count > 0 ? `${this.#count} training images` : 'evaluations'} ${names} ${this.#missing.size === 1 ? 'is' : 'are'} missing.`,
        kept: KEPT,
        todo: `Drop ${ARCHIVE_FILE} or all these files together${this.#count > 0 ? ', or choose fewer training images' : ''}.`,
      })
    }
    return { train: this.#train ?? emptyImages(0), test: this.#test }
  }
}

const KEPT = 'Nothing was changed: the images in memory and the present run are as they were.'

/** The refusal of a file, saying what was expected and what was found. */
export function rejected(name: string, expected: string, found: string): PeekabooError {
  return new PeekabooError({
    code: 'file-rejected',
    what: `${name} was not taken. Expected: ${expected}. Found: ${found}.`,
    kept: KEPT,
    todo: `Get ${ARCHIVE_FILE} from https://www.cs.toronto.edu/~kriz/cifar.html and drop it here as it is.`,
  })
}
