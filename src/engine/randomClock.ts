import type { Engine } from './engine.ts'

/**
 * The seed and the step number on the GPU, where kernels of random numbers read them: a recorded step that is replayed
 * draws other numbers once another step has been written.
 */
export class RandomClock {
  /** Four words: seed, low and high half of the step, 0. */
  readonly buffer: GPUBuffer
  readonly #engine: Engine
  readonly #words: Uint32Array<ArrayBuffer>

  /** Stands at step 0. @param seed of the run, an unsigned 32-bit number */
  constructor(engine: Engine, seed: number) {
    this.#engine = engine
    this.#words = Uint32Array.of(seed, 0, 0, 0)
    const usage = GPUBufferUsage.STORAGE | GPUBufferUsage.COPY_DST
    this.buffer = engine.createBuffer('random clock', this.#words.byteLength, usage)
    this.set(0)
  }

  /** Bytes that every `set` uploads. */
  get uploadedBytes(): number {
    return this.buffer.size
  }

  /**
   * Writes the number of the next step; work encoded before is submitted first, so that it sees its own.
   * @param step a whole number from 0 to 2⁵³ − 1
   */
  set(step: number): void {
    this.#words[1] = step >>> 0
    this.#words[2] = Math.floor(step / 0x100000000)
    this.#engine.submit()
    this.#engine.device.queue.writeBuffer(this.buffer, 0, this.#words)
  }

  /** Frees the buffer. */
  dispose(): void {
    this.#engine.submit()
    this.#engine.destroyBuffer(this.buffer)
  }
}
