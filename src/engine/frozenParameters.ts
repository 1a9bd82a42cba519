import type * as tf from '@tensorflow/tfjs'
import { averagesOf, type Run } from './averages.ts'
import type { Engine } from './engine.ts'
import { tensorNamed, tensorsWithin } from './flatTensors.ts'
import {
  initialValues,
  layoutOf,
  type ParameterLayout,
  type Parameters,
  type ParameterSource,
  type ParameterSpec,
  type Segment,
  untrainedIn,
} from './parameters.ts'

/** A flat buffer of values. */
type Flat = Pick<Parameters, 'values' | 'length'>

/** A network and its teacher, where there is one, each in a flat buffer. */
export type FlatNetworks = Flat & { readonly teacher?: Flat | undefined }

/** Parameters in a flat buffer of their own, which nobody trains. */
class FrozenValues implements ParameterSource, Flat {
  readonly segments: readonly Segment[]
  readonly length: number
  /** The flat buffer with all values. */
  readonly values: GPUBuffer
  readonly #engine: Engine
  readonly #tensors: ReadonlyMap<string, tf.Tensor>

  constructor(engine: Engine, { segments, length }: Pick<ParameterLayout, 'segments' | 'length'>) {
    this.#engine = engine
    this.segments = segments
    this.length = length
    const usage = GPUBufferUsage.STORAGE | GPUBufferUsage.COPY_SRC | GPUBufferUsage.COPY_DST
    this.values = engine.createBuffer('frozen parameters', 4 * length, usage)
    this.#tensors = tensorsWithin(engine, { segments }, this.values)
  }

  get(name: string): tf.Tensor {
    return tensorNamed(this.#tensors, name)
  }

  has(name: string): boolean {
    return this.#tensors.has(name)
  }

  /** Encodes the writing of new values of parameters that are never trained, by name and of their shapes. */
  update(values: readonly (readonly [string, tf.Tensor])[]): void {
    const copies = values.map(([name, tensor]) => ({
      from: this.#engine.rangeOf(tensor),
      to: untrainedIn(this, name, tensor.shape),
    }))
    const encoder = this.#engine.encoder()
    for (const { from, to } of copies)
      encoder.copyBufferToBuffer(from.buffer, from.offset, this.values, 4 * to.offset, 4 * to.size)
  }

  /** The values by name, read back. */
  async read(): Promise<ReadonlyMap<string, Float32Array>> {
    const flat = new Float32Array(await this.#engine.read(this.values))
    return new Map(
      this.segments.map(({ name, offset, size }) => [name, flat.subarray(offset, offset + size)]),
    )
  }

  /** Frees tensors and buffer. */
  dispose(): void {
    for (const tensor of this.#tensors.values()) tensor.dispose()
    this.#engine.submit()
    this.#engine.destroyBuffer(this.values)
  }
}

/**
 * Parameters that nobody trains, with those of their teacher: a copy for looking at a network while training goes on.
 */
export class FrozenParameters extends FrozenValues {
  readonly teacher: FrozenValues | undefined

  /**
   * @param from parameters of the same specs: their values after everything submitted or encoded so far are copied; null
   * for the initial values
   * @param averaged which parameters the teacher has; there is no teacher when absent
   */
  constructor(
    engine: Engine,
    specs: readonly ParameterSpec[],
    from: FlatNetworks | null = null,
    averaged?: (name: string) => boolean,
  ) {
    const layout = layoutOf(specs)
    super(engine, layout)
    const averages = averaged && averagesOf(layout, averaged)
    this.teacher = averages && new FrozenValues(engine, averages)
    if (from !== null) {
      copy(engine, from, this)
      if (this.teacher) copy(engine, from.teacher, this.teacher)
    } else {
      // Drawing the initial values of a large network takes seconds: once, and not where they are not wanted.
      engine.submit()
      engine.device.queue.writeBuffer(this.values, 0, initialValues(layout))
      if (this.teacher) copyRuns(engine, this, averages!.runs, this.teacher)
    }
    engine.submit()
  }

  override dispose(): void {
    this.teacher?.dispose()
    super.dispose()
  }
}

function copy(engine: Engine, from: Flat | undefined, { values, length }: Flat): void {
  if (from?.length !== length) throw new Error('these are parameters of another network')
  engine.encoder().copyBufferToBuffer(from.values, 0, values, 0, 4 * length)
}

/** A teacher begins as a copy of its student. */
function copyRuns(engine: Engine, student: Flat, runs: readonly Run[], teacher: Flat): void {
  const encoder = engine.encoder()
  for (const { from, to, length } of runs)
    encoder.copyBufferToBuffer(student.values, 4 * from, teacher.values, 4 * to, 4 * length)
}
