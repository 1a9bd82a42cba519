import type * as tf from '@tensorflow/tfjs'
import type { Engine } from '../engine/engine.ts'

/** Numbers copied from GPU buffers after a step and mapped later, without stalling the step. */
export class Readings {
  readonly #engine: Engine
  readonly #free: GPUBuffer[] = []
  readonly #all: GPUBuffer[] = []
  readonly #bytes: number

  /** @param scalars how many scalar tensors, @param words how many words of the status buffer are read each time */
  constructor(engine: Engine, scalars: number, words: number) {
    this.#engine = engine
    this.#bytes = 4 * (scalars + words)
  }

  /**
   * Encodes the copies; call `engine.submit` and then the returned function, which resolves with the numbers: the
   * scalars first, then the words of `status`.
   */
  copy(scalars: readonly tf.Tensor[], status: GPUBuffer): () => Promise<Float32Array> {
    const staging = this.#free.pop() ?? this.#create()
    const sources = scalars.map((scalar) => this.#engine.bufferOf(scalar))
    const encoder = this.#engine.encoder()
    sources.forEach((source, index) => {
      encoder.copyBufferToBuffer(source, 0, staging, 4 * index, 4)
    })
    const used = 4 * scalars.length
    encoder.copyBufferToBuffer(status, 0, staging, used, this.#bytes - used)
    return async () => {
      await staging.mapAsync(GPUMapMode.READ)
      const numbers = new Float32Array(staging.getMappedRange().slice(0))
      staging.unmap()
      this.#free.push(staging)
      return numbers
    }
  }

  /** Frees the staging buffers. */
  dispose(): void {
    for (const buffer of this.#all) this.#engine.destroyBuffer(buffer)
  }

  #create(): GPUBuffer {
    const usage = GPUBufferUsage.COPY_DST | GPUBufferUsage.MAP_READ
    const buffer = this.#engine.createBuffer('metrics', this.#bytes, usage)
    this.#all.push(buffer)
    return buffer
  }
}
