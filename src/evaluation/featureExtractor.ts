import * as tf from '@tensorflow/tfjs'
import { WHOLE_IMAGE, type CropBox } from '../data/boxes.ts'
import type { DeviceImages } from '../data/deviceImages.ts'
import { IMAGE_SIZE } from '../data/images.ts'
import { tensorWithin } from '../engine/backend.ts'
import type { Engine } from '../engine/engine.ts'
import { InputTensors } from '../engine/inputTensors.ts'
import { l2Normalise } from '../engine/ops/normalise.ts'
import type { ParameterSource } from '../engine/parameters.ts'
import { Replayable } from '../engine/recording/replayable.ts'
import type { FeatureRequest, Method } from '../methods/method.ts'
import type { CommonSettings } from '../settings/common.ts'
import type { SettingValues } from '../settings/rows.ts'
import type { FeatureBank } from './featureBank.ts'

/** Images of one forward pass: a slice of an evaluation. */
export const FEATURE_BATCH = 100

/** How images are shown to the network; whole and in order when nothing is said. */
export interface Showing {
  /** What is cut out of each image. */
  readonly boxes?: readonly CropBox[]
  /** Changes normalised views [batch, 32, 32, 3]: shuffles or fills patches. */
  readonly disturb?: (views: tf.Tensor4D) => tf.Tensor4D
  /** See `FeatureRequest.kept`. */
  readonly kept?: Float32Array
  /** See `FeatureRequest.positions`. */
  readonly positions?: Float32Array | 'removed'
}

/** What the extractor works on. */
export interface ExtractorParts {
  readonly engine: Engine
  readonly method: Pick<Method, 'normalisation' | 'features'>
  readonly settings: SettingValues
  readonly parameters: ParameterSource
  /** Ids of representations. */
  readonly wanted: readonly string[]
  /** Also gives the similarity of the patch tokens, where the network has tokens: one column more, of width 1. */
  readonly tokenSimilarity?: boolean
  /** Shapes and kinds of what `showing` will say; the values may change from batch to batch. */
  readonly showing?: Pick<Showing, 'kept' | 'positions'>
}

/** The forward pass from images to features, recorded once for batches of `FEATURE_BATCH` images. */
export class FeatureExtractor {
  readonly #parts: ExtractorParts
  readonly #pixels: GPUBuffer
  readonly #views: tf.Tensor4D
  readonly #inputs: InputTensors
  readonly #replayable: Replayable
  /** Where a batch's columns lie after a replay. */
  #outputs: { readonly buffer: GPUBuffer; readonly width: number }[] = []

  constructor(parts: ExtractorParts) {
    this.#parts = parts
    const { engine, showing = {} } = parts
    const shape: [number, number, number, number] = [FEATURE_BATCH, IMAGE_SIZE, IMAGE_SIZE, 3]
    const usage = GPUBufferUsage.STORAGE | GPUBufferUsage.COPY_SRC | GPUBufferUsage.COPY_DST
    const size = 4 * shape.reduce((product, side) => product * side, 1)
    this.#pixels = engine.createBuffer('evaluated images', size, usage)
    const range = { buffer: this.#pixels, offset: 0, size }
    this.#views = tf.keep(tensorWithin<tf.Rank.R4>(engine.backend, shape, range))
    this.#inputs = new InputTensors(engine, inputsOf(showing))
    this.#replayable = new Replayable(engine, () => this.#encode())
  }

  /** Widths of the columns: of the wanted representations, then 1 for the similarity of tokens. */
  async widths(): Promise<readonly number[]> {
    await this.#replayable.prepare()
    return this.#outputs.map(({ width }) => width)
  }

  /**
   * Features of up to `FEATURE_BATCH` images; resolves when the GPU has done it.
   * @param into a bank for every column
   * @param row the first row of the banks to be written
   */
  async batch(
    images: DeviceImages,
    indices: readonly number[],
    into: readonly FeatureBank[],
    row: number,
    showing: Showing = {},
  ): Promise<void> {
    const { engine, method, settings } = this.#parts
    const recording = await this.#replayable.prepare()
    // A last batch that is not full is filled with its first image.
    const chosen = Array.from({ length: FEATURE_BATCH }, (_, i) => indices[i] ?? indices[0]!)
    tf.tidy(() => {
      const boxes = chosen.map((_, i) => showing.boxes?.[i] ?? WHOLE_IMAGE)
      const views = images.views(chosen, boxes, method.normalisation)
      const shown = showing.disturb?.(views) ?? views
      const { buffer, offset, size } = engine.rangeOf(shown)
      const bytes = Math.min(size, this.#pixels.size)
      engine.encoder().copyBufferToBuffer(buffer, offset, this.#pixels, 0, bytes)
      // Before the views go back to the pool.
      engine.submit()
    })
    this.#inputs.write(inputsOf(showing))
    const { dispatchesPerSubmit } = settings as CommonSettings
    recording.replay({
      perSubmit: dispatchesPerSubmit,
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
    const { engine, method, settings, parameters, wanted, tokenSimilarity, showing } = this.#parts
    tf.tidy(() => {
      const { kept, order } = this.#inputs.encode()
      const request: FeatureRequest = {
        wanted,
        ...(kept && { kept: kept as tf.Tensor1D }),
        ...(order && { positions: order as tf.Tensor1D }),
        ...(showing?.positions === 'removed' && { positions: 'removed' }),
      }
      const { features, tokens } = method.features(settings, this.#views, parameters, request)
      const columns = tokenSimilarity && tokens ? [...features, similarityOf(tokens)] : features
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

const inputsOf = ({ kept, positions }: Pick<Showing, 'kept' | 'positions'>) => ({
  ...(kept && { kept: { shape: [kept.length], data: kept } }),
  ...(positions instanceof Float32Array && {
    order: { shape: [positions.length], data: positions },
  }),
})

/** Mean cosine between different tokens of an image, [B, N, D] to [B, 1]: (|Σ u|² − N) / (N (N − 1)), u unit vectors. */
function similarityOf(tokens: tf.Tensor3D): tf.Tensor2D {
  const count = tokens.shape[1]
  const sum = l2Normalise(tokens).sum<tf.Tensor2D>(1)
  const pairs = Math.max(count * (count - 1), 1)
  return sum.square().sum<tf.Tensor2D>(1, true).sub(count).div(pairs)
}
