import * as tf from '@tensorflow/tfjs'
import { aligned, ALIGNMENT } from './alignment.ts'
import { tensorWithin } from './backend.ts'
import type { Engine } from './engine.ts'
import { groupsFor, kernelNamed } from './kernel.ts'
import { UNPACK_CODE, UNPACK_WORKGROUP } from './kernels/unpack.ts'
import { emptyTensor } from './tensors.ts'

/** Values of a step input on the host: floats, or whole numbers from 0 to 255 (masks), which travel in bytes. */
export interface InputValues {
  readonly shape: readonly number[]
  readonly data: Float32Array | Uint8Array
}

/** Where an input lies in the buffer. */
interface Slot {
  readonly shape: readonly number[]
  /** First byte: a multiple of `ALIGNMENT`. */
  readonly offset: number
  readonly values: number
  readonly packed: boolean
  /** The tensor in the buffer; for packed values one of floats that holds the bytes. */
  readonly tensor: tf.Tensor
}

/** Tensors that a recorded step reads: their place on the GPU stays the same, their values are written before every step. */
export class InputTensors {
  readonly #engine: Engine
  readonly #slots: ReadonlyMap<string, Slot>
  readonly #buffer: GPUBuffer
  /** What the buffer is to hold, written in one piece. */
  readonly #staging: Uint8Array<ArrayBuffer>

  /** @param first the first values: names, shapes and kinds stay the same */
  constructor(engine: Engine, first: Readonly<Record<string, InputValues>>) {
    this.#engine = engine
    let end = 0
    const places = Object.entries(first).map(([name, { shape, data }]) => {
      const place = { name, shape, offset: end, values: data.length, packed: isPacked(data) }
      end += aligned(data.byteLength)
      return place
    })
    const usage = GPUBufferUsage.STORAGE | GPUBufferUsage.COPY_SRC | GPUBufferUsage.COPY_DST
    this.#buffer = engine.createBuffer('step inputs', Math.max(end, ALIGNMENT), usage)
    this.#staging = new Uint8Array(this.#buffer.size)
    this.#slots = new Map(
      places.map(({ name, ...place }) => {
        const { shape, values, offset, packed } = place
        const floats = packed ? groupsFor(values, 4) : values
        const range = { buffer: this.#buffer, offset, size: 4 * floats }
        const within = packed ? [floats] : [...shape]
        const tensor = tensorWithin(engine.backend, within as tf.ShapeMap[tf.Rank], range)
        return [name, { ...place, tensor: tf.keep(tensor) }]
      }),
    )
  }

  /** Bytes that every `write` uploads. */
  get bytes(): number {
    return this.#staging.length
  }

  /** The inputs as float tensors, for use within a step: packed ones are unpacked here. */
  encode(): Record<string, tf.Tensor> {
    return Object.fromEntries(
      [...this.#slots].map(([name, { tensor, packed, shape, values }]) => {
        if (!packed) return [name, tensor]
        const floats = emptyTensor([...shape] as tf.ShapeMap[tf.Rank])
        const groups = groupsFor(values, UNPACK_WORKGROUP)
        kernelNamed('unpack bytes', () => UNPACK_CODE).dispatchMany([tensor, floats], groups)
        return [name, floats]
      }),
    )
  }

  /** Writes new values; work encoded before is submitted first, so that it sees its own. */
  write(inputs: Readonly<Record<string, InputValues>>): void {
    for (const [name, { data }] of Object.entries(inputs)) {
      const slot = this.#slots.get(name)
      if (slot?.values !== data.length || slot.packed !== isPacked(data))
        throw new Error(`the step input ${name} has another shape or kind`)
      this.#staging.set(new Uint8Array(data.buffer, data.byteOffset, data.byteLength), slot.offset)
    }
    this.#engine.submit()
    this.#engine.device.queue.writeBuffer(this.#buffer, 0, this.#staging)
  }

  /** Frees tensors and buffer. */
  dispose(): void {
    for (const { tensor } of this.#slots.values()) tensor.dispose()
    this.#engine.submit()
    this.#engine.destroyBuffer(this.#buffer)
  }
}

const isPacked = (data: Float32Array | Uint8Array): boolean => data instanceof Uint8Array
