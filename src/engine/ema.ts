import * as tf from '@tensorflow/tfjs'
import { tensorWithin } from './backend.ts'
import type { Engine } from './engine.ts'
import { groupsFor, Kernel, uniformOf } from './kernel.ts'
import { EMA_WORKGROUP, emaCode } from './kernels/ema.ts'
import type { Parameters } from './parameters.ts'

/** A parameter's average: where it lies in the flat buffer, in floats. */
export interface AverageSegment {
  readonly name: string
  readonly shape: readonly number[]
  readonly offset: number
  readonly size: number
}

/** A range of averages whose parameters lie side by side as well, in floats. */
interface Run {
  readonly from: number
  readonly to: number
  readonly length: number
}

/** Floats to a quad, in which the kernel counts. */
const QUAD = 4

/**
 * The exponential moving average of parameters, average ← m · average + (1 − m) · parameter: a teacher that follows its
 * student. All averages lie in one flat buffer, so that an update is one dispatch; for the step function each is a
 * tensor in that buffer. The averages start as copies of the parameters.
 */
export class Ema {
  readonly segments: readonly AverageSegment[]
  /** Number of averaged values. */
  readonly size: number
  /** Floats of the flat buffer. */
  readonly length: number
  readonly values: GPUBuffer
  readonly #engine: Engine
  readonly #parameters: Parameters
  readonly #momentum: GPUBuffer
  readonly #runs: readonly Run[]
  readonly #update: Record<'free' | 'latched', Kernel>
  readonly #tensors = new Map<string, tf.Tensor>()

  /** @param averaged which parameters are averaged; the others (a student's predictor, say) have no average */
  constructor(
    engine: Engine,
    parameters: Parameters,
    averaged: (name: string) => boolean = () => true,
  ) {
    this.#engine = engine
    this.#parameters = parameters
    const { segments, runs, length } = layOut(parameters, averaged)
    this.segments = segments
    this.#runs = runs
    this.length = length
    this.size = segments.reduce((sum, { size }) => sum + size, 0)
    const usage = GPUBufferUsage.STORAGE | GPUBufferUsage.COPY_SRC | GPUBufferUsage.COPY_DST
    this.values = engine.createBuffer('averages', 4 * length, usage)
    this.#momentum = engine.createBuffer('momentum', 16, usage)
    this.#update = {
      free: new Kernel(engine, 'EMA', emaCode(runs.length, false)),
      latched: new Kernel(engine, 'EMA latched', emaCode(runs.length, true)),
    }
    for (const { name, shape, offset, size } of segments) {
      const range = { buffer: this.values, offset: 4 * offset, size: 4 * size }
      const tensor = tensorWithin(engine.backend, [...shape] as tf.ShapeMap[tf.Rank], range)
      this.#tensors.set(name, tf.keep(tensor))
    }
    this.copy()
  }

  /** The tensor of a parameter's average. Its values change in place with every update. */
  get(name: string): tf.Tensor {
    const tensor = this.#tensors.get(name)
    if (tensor === undefined) throw new Error(`the parameter ${name} has no average`)
    return tensor
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
   * @param latch the status of an optimiser (see `AdamW.status`): while its latch is closed nothing changes; null = always
   */
  encode(latch: GPUBuffer | null): void {
    const runs = this.#runs.flatMap(({ from, to, length }) => [
      (to + length) / QUAD,
      (from - to) / QUAD,
      0,
      0,
    ])
    const bindings = [this.#momentum, uniformOf(runs), this.#parameters.values, this.values]
    const groups = groupsFor(this.length / QUAD, EMA_WORKGROUP)
    if (latch === null) this.#update.free.dispatchMany(bindings, groups)
    else this.#update.latched.dispatchMany([...bindings, latch], groups)
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
    for (const buffer of [this.values, this.#momentum]) this.#engine.destroyBuffer(buffer)
  }
}

/** Puts the averages into the order of the parameters, without the gaps of those left out. */
function layOut(
  { segments: all, length: end }: Parameters,
  averaged: (name: string) => boolean,
): { segments: AverageSegment[]; runs: Run[]; length: number } {
  const segments: AverageSegment[] = []
  const runs: Run[] = []
  let length = 0
  all.forEach(({ name, shape, offset, size }, i) => {
    if (!averaged(name)) return
    segments.push({ name, shape, offset: length, size })
    // Up to the beginning of the next parameter: what lies between is 0 and stays so.
    const taken = (all[i + 1]?.offset ?? end) - offset
    const last = runs.at(-1)
    if (last !== undefined && last.from + last.length === offset)
      runs[runs.length - 1] = { ...last, length: last.length + taken }
    else runs.push({ from: offset, to: length, length: taken })
    length += taken
  })
  return { segments, runs, length }
}
