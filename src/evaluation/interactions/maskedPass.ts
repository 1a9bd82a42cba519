import type * as tf from '@tensorflow/tfjs'
import type { EvaluationProgress } from '../../results.ts'
import { CLASSES } from '../classification.ts'
import { FeatureBank } from '../featureBank.ts'
import { FEATURE_BATCH, ImagePass } from '../imagePass.ts'
import type { Job } from '../job.ts'
import { commonSettings, type Subject } from '../subject.ts'
import { showCells } from './showCells.ts'

/** Rows whose logits are read back at a time. */
const ROWS_READ = 10 * FEATURE_BATCH

/** A training image of which some cells are shown. */
export interface MaskedImage {
  readonly image: number
  /** 1 for every cell that is shown, else 0; row by row. */
  readonly subset: Uint8Array
}

/** A classifier's forward pass on training images of which only some cells are shown, recorded once. */
export class MaskedPass {
  readonly #subject: Subject
  readonly #shape: readonly number[]
  readonly #pass: ImagePass
  readonly #bank: FeatureBank

  /**
   * @param grid cells a row and a column
   * @param classify logits [B, CLASSES] of normalised views [B, 32, 32, 3]: pure tensor maths
   */
  constructor(subject: Subject, grid: number, classify: (views: tf.Tensor4D) => tf.Tensor2D) {
    const { engine, method } = subject
    this.#subject = subject
    this.#shape = [FEATURE_BATCH, grid, grid]
    this.#bank = new FeatureBank(engine, ROWS_READ, CLASSES)
    this.#pass = new ImagePass({
      engine,
      normalisation: method.normalisation,
      inputs: this.#inputs(new Uint8Array(FEATURE_BATCH * grid ** 2)),
      dispatchesPerSubmit: commonSettings(subject).dispatchesPerSubmit,
      forward: (views, { shown }) => [classify(showCells(views, shown as tf.Tensor3D))],
    })
  }

  /**
   * Classifies masked images, a batch a slice.
   * @param take is given the logits [CLASSES] of every row, in order; they are valid within the call
   * @param progressAt what a slice reports after so many rows
   */
  async *run(
    rows: Iterable<MaskedImage>,
    take: (logits: Float32Array, row: number) => void,
    progressAt: (done: number) => EvaluationProgress,
  ): Job<void> {
    let [done, read] = [0, 0]
    for (const { images, shown } of batchesOf(rows, this.#shape[1]! ** 2)) {
      const inputs = this.#inputs(shown)
      await this.#pass.batch(this.#subject.train.device, images, [this.#bank], done - read, inputs)
      done += images.length
      if (done - read === ROWS_READ) read = await this.#read(read, done, take)
      yield progressAt(done)
    }
    await this.#read(read, done, take)
  }

  /** Frees everything. */
  dispose(): void {
    this.#pass.dispose()
    this.#bank.dispose()
  }

  async #read(
    from: number,
    to: number,
    take: (logits: Float32Array, row: number) => void,
  ): Promise<number> {
    if (to === from) return to
    const logits = await this.#bank.read(to - from)
    for (let row = from; row < to; row++)
      take(logits.subarray((row - from) * CLASSES, (row - from + 1) * CLASSES), row)
    return to
  }

  #inputs(data: Uint8Array) {
    return { shown: { shape: this.#shape, data } }
  }
}

/** Rows in batches of a pass; the last one may be short, and its array is filled with nothing shown. */
function* batchesOf(
  rows: Iterable<MaskedImage>,
  cells: number,
): Generator<{ readonly images: readonly number[]; readonly shown: Uint8Array }> {
  let [images, shown] = [[] as number[], new Uint8Array(FEATURE_BATCH * cells)]
  for (const { image, subset } of rows) {
    shown.set(subset, images.length * cells)
    images.push(image)
    if (images.length < FEATURE_BATCH) continue
    yield { images, shown }
    ;[images, shown] = [[], new Uint8Array(FEATURE_BATCH * cells)]
  }
  if (images.length > 0) yield { images, shown }
}
