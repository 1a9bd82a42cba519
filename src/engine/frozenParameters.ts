import type * as tf from '@tensorflow/tfjs'
import type { Engine } from './engine.ts'
import { tensorNamed, tensorsWithin } from './flatTensors.ts'
import {
  initialValues,
  layoutOf,
  type ParameterLayout,
  type Parameters,
  type ParameterSource,
  type ParameterSpec,
} from './parameters.ts'

/**
 * Parameters that nobody trains: a copy for looking at a network while training goes on.
 */
export class FrozenParameters implements ParameterSource {
  /** The flat buffer with all values. */
  readonly values: GPUBuffer
  readonly #engine: Engine
  readonly #layout: ParameterLayout
  readonly #tensors: ReadonlyMap<string, tf.Tensor>

  /**
   * @param from parameters of the same specs: their values after everything submitted or encoded so far are copied; null
   * for the initial values
   */
  constructor(
    engine: Engine,
    specs: readonly ParameterSpec[],
    from: Pick<Parameters, 'values' | 'length'> | null = null,
  ) {
    this.#engine = engine
    this.#layout = layoutOf(specs)
    const usage = GPUBufferUsage.STORAGE | GPUBufferUsage.COPY_SRC | GPUBufferUsage.COPY_DST
    this.values = engine.createBuffer('frozen parameters', 4 * this.#layout.length, usage)
    this.#tensors = tensorsWithin(engine, this.#layout, this.values)
    // Drawing the initial values of a large network takes seconds: not where they are not wanted.
    if (from === null) this.#begin()
    else this.#copy(from)
  }

  get(name: string): tf.Tensor {
    return tensorNamed(this.#tensors, name)
  }

  has(name: string): boolean {
    return this.#tensors.has(name)
  }

  /** Frees tensors and buffer. */
  dispose(): void {
    for (const tensor of this.#tensors.values()) tensor.dispose()
    this.#engine.submit()
    this.#engine.destroyBuffer(this.values)
  }

  #copy({ values, length }: Pick<Parameters, 'values' | 'length'>): void {
    if (length !== this.#layout.length) throw new Error('these are parameters of another network')
    this.#engine.encoder().copyBufferToBuffer(values, 0, this.values, 0, 4 * length)
    this.#engine.submit()
  }

  #begin(): void {
    this.#engine.submit()
    this.#engine.device.queue.writeBuffer(this.values, 0, initialValues(this.#layout))
  }
}
