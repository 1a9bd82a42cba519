import type * as tf from '@tensorflow/tfjs'
import { averagesOf, type AverageLayout } from './averages.ts'
import type { Engine } from './engine.ts'
import { tensorNamed, tensorsWithin } from './flatTensors.ts'
import { groupsFor, kernelNamed, uniformOf, type Kernel } from './kernel.ts'
import { DISTANCE_CODE, distanceSumsCode, EMA_WORKGROUP, emaCode } from './kernels/ema.ts'
import type { Parameters, ParameterSource, Segment } from './parameters.ts'
import { emptyTensor } from './tensors.ts'

/** Floats to a quad, in which the kernels count. */
const QUAD = 4
/** Workgroups that measure the distance, at most. */
const MOST_DISTANCE_GROUPS = 128

/** Parameters that can be averaged. */
type Averaged = Pick<Parameters, 'segments' | 'length' | 'values'>

/**
 * The exponential moving average of parameters, average ← m · average + (1 − m) · parameter: a teacher that follows its
 * student. All averages lie in one flat buffer, so that an update is one dispatch; for the step function each is a
 * tensor in that buffer. The averages start as copies of the parameters.
 */
export class Ema implements ParameterSource {
  readonly segments: readonly Segment[]
  /** Number of averaged values. */
  readonly size: number
  /** Floats of the flat buffer. */
  readonly length: number
  readonly values: GPUBuffer
  /** The averages as they were before the last latched update. */
  readonly before: GPUBuffer
  readonly #engine: Engine
  readonly #parameters: Averaged
  readonly #momentum: GPUBuffer
  readonly #runs: AverageLayout['runs']
  readonly #update: Record<'free' | 'latched', Kernel>
  readonly #tensors: ReadonlyMap<string, tf.Tensor>

  /** @param averaged which parameters are averaged; the others (a student's predictor, say) have no average */
  constructor(
    engine: Engine,
    parameters: Averaged,
    averaged: (name: string) => boolean = () => true,
  ) {
    this.#engine = engine
    this.#parameters = parameters
    const { segments, runs, length } = averagesOf(parameters, averaged)
    this.segments = segments
    this.#runs = runs
    this.length = length
    this.size = segments.reduce((sum, { size }) => sum + size, 0)
    const usage = GPUBufferUsage.STORAGE | GPUBufferUsage.COPY_SRC | GPUBufferUsage.COPY_DST
    this.values = engine.createBuffer('averages', 4 * length, usage)
    this.before = engine.createBuffer('averages before', 4 * length, usage)
    this.#momentum = engine.createBuffer('momentum', 16, usage)
    this.#update = {
      free: kernelNamed(`EMA ${runs.length}`, () => emaCode(runs.length, false)),
      latched: kernelNamed(`EMA latched ${runs.length}`, () => emaCode(runs.length, true)),
    }
    this.#tensors = tensorsWithin(engine, { segments }, this.values)
    this.copy()
  }

  /** The tensor of a parameter's average. Its values change in place with every update. */
  get(name: string): tf.Tensor {
    return tensorNamed(this.#tensors, name)
  }

  /** True when this parameter has an average. */
  has(name: string): boolean {
    return this.#tensors.has(name)
  }

  /** Bytes that every `prepare` uploads. */
  get uploadedBytes(): number {
    return this.#momentum.size
  }

  /**
   * Writes the momentum of the next update; work encoded before is submitted first, so that it sees its own.
   * @param momentum m, the share that is kept, in [0, 1]
   */
  prepare(momentum: number): void {
    this.#engine.submit()
    const words = Float32Array.of(momentum, 1 - momentum, 0, 0)
    this.#engine.device.queue.writeBuffer(this.#momentum, 0, words)
  }

  /**
   * Encodes one update with the prepared momentum.
   * @param latch the status of an optimiser (see `AdamW.status`): while its latch is closed nothing changes, and the last
   * update before it closed can be taken back; null = always, and for good
   */
  encode(latch: GPUBuffer | null): void {
    const bindings = [this.#momentum, this.#places(), this.#parameters.values, this.values]
    const groups = groupsFor(this.length / QUAD, EMA_WORKGROUP)
    if (latch === null) this.#update.free.dispatchMany(bindings, groups)
    else this.#update.latched.dispatchMany([...bindings, this.before, latch], groups)
  }

  /** Encodes the undoing, bit for bit, of the last latched update that had an effect. */
  takeBack(): void {
    const bytes = 4 * this.length
    this.#engine.encoder().copyBufferToBuffer(this.before, 0, this.values, 0, bytes)
  }

  /**
   * Encodes the measuring of ‖averages − parameters‖ / ‖parameters‖, over the parameters that are averaged.
   * @returns a scalar; it obeys `tidy`
   */
  distance(): tf.Scalar {
    const most = groupsFor(this.length / QUAD, EMA_WORKGROUP)
    const groups = Math.min(most, MOST_DISTANCE_GROUPS)
    const sums = emptyTensor<tf.Rank.R2>([groups * EMA_WORKGROUP, 2])
    const distance = emptyTensor<tf.Rank.R0>([])
    const runs = this.#runs.length
    kernelNamed(`EMA distance ${runs}`, () => distanceSumsCode(runs)).dispatch(
      [this.#places(), this.#parameters.values, this.values, sums],
      groups,
    )
    kernelNamed('EMA distance', () => DISTANCE_CODE).dispatch([sums, distance], 1)
    sums.dispose()
    return distance
  }

  /** Encodes copies of all parameters to their averages. */
  copy(): void {
    const encoder = this.#engine.encoder()
    for (const { from, to, length } of this.#runs)
      encoder.copyBufferToBuffer(this.#parameters.values, 4 * from, this.values, 4 * to, 4 * length)
  }

  /** Replaces the averages by a flat array of `length` floats laid out as `segments` say. */
  write(values: Float32Array): void {
    this.#engine.submit()
    this.#engine.device.queue.writeBuffer(this.values, 0, values as Float32Array<ArrayBuffer>)
  }

  /** Reads the flat buffer back. */
  async read(): Promise<Float32Array> {
    return new Float32Array(await this.#engine.read(this.values))
  }

  /** Frees tensors and buffers. */
  dispose(): void {
    for (const tensor of this.#tensors.values()) tensor.dispose()
    this.#engine.submit()
    for (const buffer of [this.values, this.before, this.#momentum])
      this.#engine.destroyBuffer(buffer)
  }

  /** Where the parameters of the averages lie, for the kernels. */
  #places(): GPUBuffer {
    const runs = this.#runs.flatMap(({ from, to, length }) => [
      (to + length) / QUAD,
      (from - to) / QUAD,
      0,
      0,
    ])
    return uniformOf(runs)
  }
}
