import * as tf from '@tensorflow/tfjs'
import { WHOLE_IMAGE, type CropBox } from '../data/boxes.ts'
import type { DeviceImages } from '../data/deviceImages.ts'
import { IMAGE_SIZE } from '../data/images.ts'
import type { Normalisation } from '../data/viewBatch.ts'
import { tensorWithin } from '../engine/backend.ts'
import type { Engine } from '../engine/engine.ts'
import { InputTensors, type InputValues } from '../engine/inputTensors.ts'
import { Replayable } from '../engine/recording/replayable.ts'
import type { FeatureBank } from './featureBank.ts'

/** Images of one forward pass: a slice of an evaluation. */
export const FEATURE_BATCH = 100

/** Inputs of a pass besides images, by name. */
export type PassInputs = Readonly<Record<string, InputValues>>

/** What a pass is made of. */
export interface PassParts {
  readonly engine: Engine
  readonly normalisation: Normalisation
  /** The first inputs: names, shapes and kinds stay the same. */
  readonly inputs: PassInputs
  /** Of the recording; all at once when absent. */
  readonly dispatchesPerSubmit?: number
  /**
   * From normalised views [FEATURE_BATCH, 32, 32, 3] to columns [FEATURE_BATCH, width]: pure tensor maths.
   * @param inputs by name
   */
  readonly forward: (
    views: tf.Tensor4D,
    inputs: Readonly<Record<string, tf.Tensor>>,
  ) => readonly tf.Tensor2D[]
}

/** How a batch of images is shown; whole and as they are when nothing is said. */
export interface BatchShown {
  /** What is cut out of each image. */
  readonly boxes?: readonly CropBox[]
  /** Changes normalised views [batch, 32, 32, 3]. */
  readonly disturb?: (views: tf.Tensor4D) => tf.Tensor4D
}

/** The batches in which the first `count` images are shown: the first image of each, and all of them. */
export const batchesOf = (
  count: number,
): readonly { readonly first: number; readonly indices: readonly number[] }[] =>
  Array.from({ length: Math.ceil(count / FEATURE_BATCH) }, (_, batch) => {
    const first = batch * FEATURE_BATCH
    const length = Math.min(FEATURE_BATCH, count - first)
    return { first, indices: Array.from({ length }, (__, i) => first + i) }
  })

/** The images of a batch: one that is not full is filled with its first image. */
export const filledUp = (indices: readonly number[]): readonly number[] =>
  Array.from({ length: FEATURE_BATCH }, (_, i) => indices[i] ?? indices[0]!)

/** A forward pass on images, recorded once for batches of `FEATURE_BATCH`. */
export class ImagePass {
  readonly #parts: PassParts
  readonly #pixels: GPUBuffer
  readonly #views: tf.Tensor4D
  readonly #inputs: InputTensors
  readonly #replayable: Replayable
  /** Where a batch's columns lie after a replay. */
  #outputs: { readonly buffer: GPUBuffer; readonly width: number }[] = []

  constructor(parts: PassParts) {
    this.#parts = parts
    const { engine, inputs } = parts
    const shape: [number, number, number, number] = [FEATURE_BATCH, IMAGE_SIZE, IMAGE_SIZE, 3]
    const usage = GPUBufferUsage.STORAGE | GPUBufferUsage.COPY_SRC | GPUBufferUsage.COPY_DST
    const size = 4 * shape.reduce((product, side) => product * side, 1)
    this.#pixels = engine.createBuffer('evaluated images', size, usage)
    const range = { buffer: this.#pixels, offset: 0, size }
    this.#views = tf.keep(tensorWithin<tf.Rank.R4>(engine.backend, shape, range))
    this.#inputs = new InputTensors(engine, inputs)
    this.#replayable = new Replayable(engine, () => this.#encode())
  }

  /** Widths of the columns. */
  async widths(): Promise<readonly number[]> {
    await this.#replayable.prepare()
    return this.#outputs.map(({ width }) => width)
  }

  /**
   * What the pass makes of up to `FEATURE_BATCH` images; resolves when the GPU has done it.
   * @param into a bank for every column
   * @param row the first row of the banks to be written
   * @param inputs for all images of the batch, see `filledUp`
   */
  async batch(
    images: DeviceImages,
    indices: readonly number[],
    into: readonly FeatureBank[],
    row: number,
    inputs: PassInputs,
    { boxes, disturb }: BatchShown = {},
  ): Promise<void> {
    const { engine, normalisation, dispatchesPerSubmit } = this.#parts
    const recording = await this.#replayable.prepare()
    const chosen = filledUp(indices)
    tf.tidy(() => {
      const parts = chosen.map((_, i) => boxes?.[i] ?? WHOLE_IMAGE)
      const views = images.views(chosen, parts, normalisation)
      const shown = disturb?.(views) ?? views
      const { buffer, offset, size } = engine.rangeOf(shown)
      const bytes = Math.min(size, this.#pixels.size)
      engine.encoder().copyBufferToBuffer(buffer, offset, this.#pixels, 0, bytes)
      // Before the views go back to the pool.
      engine.submit()
    })
    this.#inputs.write(inputs)
    recording.replay({
      ...(dispatchesPerSubmit !== undefined && { perSubmit: dispatchesPerSubmit }),
      after: (encoder) =>
        this.#outputs.forEach(({ buffer, width }, column) => {
          const [at, bytes] = [4 * row * width, 4 * indices.length * width]
          encoder.copyBufferToBuffer(buffer, 0, into[column]!.buffer, at, bytes)
        }),
    })
    await engine.device.queue.onSubmittedWorkDone()
    engine.check()
  }

  /** Frees buffers and recording. */
  dispose(): void {
    const { engine } = this.#parts
    this.#replayable.dispose()
    this.#inputs.dispose()
    this.#views.dispose()
    engine.submit()
    engine.destroyBuffer(this.#pixels)
    for (const { buffer } of this.#outputs) engine.destroyBuffer(buffer)
  }

  #encode(): void {
    const { engine, forward } = this.#parts
    tf.tidy(() => {
      const columns = forward(this.#views, this.#inputs.encode())
      const sources = columns.map((column) => engine.rangeOf(column))
      if (this.#outputs.length === 0) this.#outputs = columns.map((column) => this.#output(column))
      const encoder = engine.encoder()
      sources.forEach((source, i) => {
        const { buffer, width } = this.#outputs[i]!
        const bytes = 4 * FEATURE_BATCH * width
        encoder.copyBufferToBuffer(source.buffer, source.offset, buffer, 0, bytes)
      })
    })
  }

  #output({ shape: [rows, width] }: tf.Tensor2D): { buffer: GPUBuffer; width: number } {
    const usage = GPUBufferUsage.COPY_SRC | GPUBufferUsage.COPY_DST
    const buffer = this.#parts.engine.createBuffer('features of a batch', 4 * rows * width, usage)
    return { buffer, width }
  }
}
