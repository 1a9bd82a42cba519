import * as tf from '@tensorflow/tfjs'
import { tensorWithin } from '../engine/backend.ts'
import type { Engine } from '../engine/engine.ts'

/** Features of the first images of a split, one row an image, on the GPU. */
export class FeatureBank {
  readonly rows: number
  readonly width: number
  readonly buffer: GPUBuffer
  readonly #engine: Engine
  readonly #tensors = new Map<number, tf.Tensor2D>()

  constructor(engine: Engine, rows: number, width: number) {
    this.#engine = engine
    this.rows = rows
    this.width = width
    const usage = GPUBufferUsage.STORAGE | GPUBufferUsage.COPY_SRC | GPUBufferUsage.COPY_DST
    this.buffer = engine.createBuffer('features', 4 * rows * width, usage)
  }

  /** The first `rows` rows, [rows, width]: a view, which the bank owns. */
  first(rows = this.rows): tf.Tensor2D {
    const known = this.#tensors.get(rows)
    if (known) return known
    const range = { buffer: this.buffer, offset: 0, size: 4 * rows * this.width }
    const shape: [number, number] = [rows, this.width]
    const tensor = tf.keep(tensorWithin<tf.Rank.R2>(this.#engine.backend, shape, range))
    this.#tensors.set(rows, tensor)
    return tensor
  }

  /** Reads the first `rows` rows back. */
  async read(rows = this.rows): Promise<Float32Array> {
    return new Float32Array(await this.#engine.read(this.buffer, 4 * rows * this.width))
  }

  /** Frees tensors and buffer. */
  dispose(): void {
    for (const tensor of this.#tensors.values()) tensor.dispose()
    this.#engine.submit()
    this.#engine.destroyBuffer(this.buffer)
  }
}
