import * as tf from '@tensorflow/tfjs'
import { aligned } from '../../engine/alignment.ts'
import { tensorWithin } from '../../engine/backend.ts'
import type { Engine } from '../../engine/engine.ts'
import { batchNormInference, type ChannelStatistics } from '../../engine/ops/batchNorm.ts'
import { linear } from '../../engine/ops/linear.ts'
import { Parameters, type ParameterSpec } from '../../engine/parameters.ts'
import { randomAt, Stream } from '../../engine/random.ts'
import type { Recording } from '../../engine/recording/recording.ts'
import { Replayable } from '../../engine/recording/replayable.ts'
import type { EvaluationProgress } from '../../results.ts'
import { CLASSES } from '../classification.ts'
import type { FeatureBank } from '../featureBank.ts'
import type { Job } from '../job.ts'

/** Added to the variance, as PyTorch does. */
export const PROBE_EPSILON = 1e-5
/** Standard deviation of the initial weights. */
const WEIGHT_DEVIATION = 0.01
/** Rows of one forward pass of a trained probe, and of the passes after which the host reads: a slice. */
const ROWS = 2048
const SLICE_ROWS = 8 * ROWS

/** Where the initial weights lie in the probe’s stream of random numbers; the orders of the images lie at 0. */
const WEIGHTS = 1

/** Names of the probe's parameters. */
export const PROBE_WEIGHT = 'weight'
export const PROBE_BIAS = 'bias'

const specsOf = (width: number, seed: number): readonly ParameterSpec[] => [
  {
    name: PROBE_WEIGHT,
    shape: [CLASSES, width],
    decay: true,
    learningRateScale: 1,
    initial: () => {
      const random = randomAt(seed, Stream.probe, 0, WEIGHTS)
      return Float32Array.from(
        { length: CLASSES * width },
        () => WEIGHT_DEVIATION * random.normal(),
      )
    },
  },
  {
    name: PROBE_BIAS,
    shape: [CLASSES],
    decay: false,
    learningRateScale: 1,
    initial: () => new Float32Array(CLASSES),
  },
]

/**
 * A linear classifier of features: batch norm without affine, then a dense layer. It holds what training changes
 * (parameters, running statistics) and classifies features with it.
 */
export class LinearProbe {
  readonly width: number
  /** Weight [CLASSES, width] from N(0, 0.01), bias [CLASSES] from 0. */
  readonly parameters: Parameters
  /** Running mean (from 0) and variance (from 1) of the features; they change in place. */
  readonly running: ChannelStatistics
  readonly #engine: Engine
  readonly #statistics: GPUBuffer
  readonly #input: GPUBuffer
  readonly #output: GPUBuffer
  readonly #logits: GPUBuffer
  readonly #rows: tf.Tensor2D
  readonly #replayable: Replayable

  /** @param seed of the run: the initial weights are drawn from it */
  constructor(engine: Engine, width: number, seed: number) {
    this.#engine = engine
    this.width = width
    this.parameters = new Parameters(engine, specsOf(width, seed))
    const usage = GPUBufferUsage.STORAGE | GPUBufferUsage.COPY_SRC | GPUBufferUsage.COPY_DST
    const stride = aligned(4 * width)
    this.#statistics = engine.createBuffer('running statistics', 2 * stride, usage)
    engine.device.queue.writeBuffer(this.#statistics, stride, new Float32Array(width).fill(1))
    const vector = (offset: number): tf.Tensor1D => {
      const range = { buffer: this.#statistics, offset, size: 4 * width }
      return tf.keep(tensorWithin<tf.Rank.R1>(engine.backend, [width], range))
    }
    this.running = { mean: vector(0), variance: vector(stride) }
    const size = 4 * ROWS * width
    this.#input = engine.createBuffer('features to classify', size, usage)
    const range = { buffer: this.#input, offset: 0, size }
    this.#rows = tf.keep(tensorWithin<tf.Rank.R2>(engine.backend, [ROWS, width], range))
    this.#output = engine.createBuffer('logits of a pass', 4 * ROWS * CLASSES, usage)
    this.#logits = engine.createBuffer('logits', 4 * SLICE_ROWS * CLASSES, usage)
    this.#replayable = new Replayable(engine, () => this.#encode())
  }

  /** The dense layer on normalised features [rows, width]: logits [rows, CLASSES]. Differentiable in the parameters. */
  head(normal: tf.Tensor2D): tf.Tensor2D {
    const [weight, bias] = [this.parameters.get(PROBE_WEIGHT), this.parameters.get(PROBE_BIAS)]
    // Features are data: nothing is to be learned about them.
    return linear(normal, weight, bias, { inputGradient: false }) as tf.Tensor2D
  }

  /** Logits [rows, CLASSES] of features [rows, width], with the running statistics: pure tensor maths. */
  classify(features: tf.Tensor2D): tf.Tensor2D {
    return this.head(batchNormInference(features, this.running, null, PROBE_EPSILON))
  }

  /**
   * Logits [rows, CLASSES] of the first rows of a bank, with the running statistics.
   * @param progress what every slice reports
   */
  async *logits(
    bank: Pick<FeatureBank, 'buffer' | 'width'>,
    rows: number,
    progress: EvaluationProgress,
  ): Job<Float32Array> {
    if (bank.width !== this.width)
      throw new Error(`features of width ${bank.width} do not fit a probe of width ${this.width}`)
    const recording = await this.#replayable.prepare()
    const logits = new Float32Array(rows * CLASSES)
    for (let first = 0; first < rows; first += SLICE_ROWS) {
      const count = Math.min(SLICE_ROWS, rows - first)
      for (let row = 0; row < count; row += ROWS)
        this.#pass(recording, bank, first + row, Math.min(ROWS, count - row), row)
      const read = await this.#engine.read(this.#logits, 4 * count * CLASSES)
      logits.set(new Float32Array(read), first * CLASSES)
      yield progress
    }
    return logits
  }

  /** Frees everything. */
  dispose(): void {
    this.#replayable.dispose()
    for (const tensor of [this.#rows, this.running.mean, this.running.variance]) tensor.dispose()
    this.parameters.dispose()
    this.#engine.submit()
    for (const buffer of [this.#statistics, this.#input, this.#output, this.#logits])
      this.#engine.destroyBuffer(buffer)
  }

  /** Classifies rows of a bank from `first` on; their logits go to row `to` of the slice. */
  #pass(
    recording: Recording,
    { buffer }: Pick<FeatureBank, 'buffer'>,
    first: number,
    count: number,
    to: number,
  ): void {
    const wide = 4 * this.width
    const features = this.#engine.encoder()
    features.copyBufferToBuffer(buffer, first * wide, this.#input, 0, count * wide)
    const narrow = 4 * CLASSES
    recording.replay({
      after: (encoder) =>
        encoder.copyBufferToBuffer(this.#output, 0, this.#logits, to * narrow, count * narrow),
    })
  }

  #encode(): void {
    tf.tidy(() => {
      const { buffer, offset } = this.#engine.rangeOf(this.classify(this.#rows))
      const bytes = 4 * ROWS * CLASSES
      this.#engine.encoder().copyBufferToBuffer(buffer, offset, this.#output, 0, bytes)
    })
  }
}
