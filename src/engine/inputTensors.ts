import * as tf from '@tensorflow/tfjs'
import type { Engine } from './engine.ts'

/** Values of a step input on the host. */
export interface InputValues {
  readonly shape: readonly number[]
  readonly data: Float32Array
}

/** Tensors that a recorded step reads: their buffers stay the same, their values are written before every step. */
export class InputTensors {
  readonly tensors: Readonly<Record<string, tf.Tensor>>
  readonly #engine: Engine

  /** @param shapes names and shapes; they stay the same */
  constructor(engine: Engine, shapes: Readonly<Record<string, Pick<InputValues, 'shape'>>>) {
    this.#engine = engine
    this.tensors = Object.fromEntries(
      Object.entries(shapes).map(([name, { shape }]) => [name, tf.keep(tf.zeros([...shape]))]),
    )
    // tfjs uploads late, and through the encoder where it recycles a buffer: that must not come after a write.
    for (const tensor of Object.values(this.tensors)) engine.bufferOf(tensor)
    engine.submit()
  }

  /** Writes new values; work encoded before is submitted first, so that it sees its own. */
  write(values: Readonly<Record<string, InputValues>>): void {
    this.#engine.submit()
    for (const [name, { data }] of Object.entries(values)) {
      const tensor = this.tensors[name]
      if (tensor?.size !== data.length) throw new Error(`the step input ${name} has another shape`)
      const buffer = this.#engine.bufferOf(tensor)
      this.#engine.device.queue.writeBuffer(buffer, 0, data as Float32Array<ArrayBuffer>)
      this.#engine.markWritten(tensor)
    }
  }

  /** Frees the tensors. */
  dispose(): void {
    for (const tensor of Object.values(this.tensors)) tensor.dispose()
  }
}
