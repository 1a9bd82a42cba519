import type * as tf from '@tensorflow/tfjs'
import type { Engine } from '../engine/engine.ts'

/**
 * Numbers that a step leaves on the GPU and the host reads later, from a ring of slots, without stalling the step: a
 * slot is free again when its numbers have been read.
 */
export class Readings {
  readonly #engine: Engine
  readonly #bytes: number
  /** Where every step leaves its numbers; a recorded step always writes to this one. */
  readonly latest: GPUBuffer
  readonly #free: GPUBuffer[] = []
  readonly #all: GPUBuffer[] = []

  /** @param length how many numbers the tensors have, @param words how many words of the status buffer are read each time */
  constructor(engine: Engine, length: number, words: number) {
    this.#engine = engine
    this.#bytes = 4 * (length + words)
    const usage = GPUBufferUsage.COPY_DST | GPUBufferUsage.COPY_SRC
    this.latest = engine.createBuffer('metrics', this.#bytes, usage)
  }

  /** Encodes, within a step, that its numbers are kept: those of the tensors in turn, then the words of `status`. */
  keep(tensors: readonly tf.Tensor[], status: GPUBuffer): void {
    const sources = tensors.map((tensor) => this.#engine.rangeOf(tensor))
    const encoder = this.#engine.encoder()
    let used = 0
    tensors.forEach(({ size }, index) => {
      const { buffer, offset } = sources[index]!
      encoder.copyBufferToBuffer(buffer, offset, this.latest, used, 4 * size)
      used += 4 * size
    })
    encoder.copyBufferToBuffer(status, 0, this.latest, used, this.#bytes - used)
  }

  /**
   * Encodes, at the end of a step's last submit, that its numbers are fetched.
   * @returns a function to be called once that is submitted: the promise of the numbers
   */
  fetch(encoder: GPUCommandEncoder): () => Promise<Float32Array> {
    const staging = this.#free.pop() ?? this.#create()
    encoder.copyBufferToBuffer(this.latest, 0, staging, 0, this.#bytes)
    return async () => {
      await staging.mapAsync(GPUMapMode.READ)
      const numbers = new Float32Array(staging.getMappedRange().slice(0))
      staging.unmap()
      this.#free.push(staging)
      return numbers
    }
  }

  /** Frees the buffers. */
  dispose(): void {
    for (const buffer of [this.latest, ...this.#all]) this.#engine.destroyBuffer(buffer)
  }

  #create(): GPUBuffer {
    const usage = GPUBufferUsage.COPY_DST | GPUBufferUsage.MAP_READ
    const buffer = this.#engine.createBuffer('metrics on their way', this.#bytes, usage)
    this.#all.push(buffer)
    return buffer
  }
}
