import { aligned } from './alignment.ts'
import type { Engine } from './engine.ts'
import { clipEachCode, FACTOR_BLOCK, spanSquaresCode } from './kernels/clipEach.ts'
import { groupsFor, kernelNamed } from './kernel.ts'
import type { Parameters } from './parameters.ts'

const WORKGROUP = 256
/** Gradient floats that one workgroup squares and sums, at most. */
const SPAN = 4096

/** Clips the gradient of every parameter by its own norm, as DINO does: the factors, for AdamW. */
export class ClipEach {
  /** Sums of squares of the gradient, which add up to that of the whole. */
  readonly sums: GPUBuffer
  /** The factor of every block of `FACTOR_BLOCK` floats. */
  readonly factors: GPUBuffer
  readonly #engine: Engine
  readonly #spans: GPUBuffer
  readonly #parameters: GPUBuffer

  constructor(engine: Engine, { trained, length }: Pick<Parameters, 'trained' | 'length'>) {
    this.#engine = engine
    const spans: number[] = []
    const parameters = trained.flatMap(({ offset, size }) => {
      const first = spans.length / 2
      const end = offset + size
      for (let begin = offset; begin < end; begin += SPAN)
        spans.push(begin, Math.min(begin + SPAN, end))
      const blocks = aligned(4 * size) / (4 * FACTOR_BLOCK)
      return [first, spans.length / 2 - first, offset / FACTOR_BLOCK, blocks]
    })
    this.#spans = this.#upload('spans of parameters', spans)
    this.#parameters = this.#upload('parameters of spans', parameters)
    const bytes = (count: number) => Math.max(4, 4 * count)
    const usage = GPUBufferUsage.STORAGE
    this.sums = engine.createBuffer('gradient norm sums', bytes(spans.length / 2), usage)
    this.factors = engine.createBuffer('clip factors', bytes(length / FACTOR_BLOCK), usage)
  }

  /** Encodes the sums of squares of the gradient. */
  encodeSums(gradients: GPUBuffer): void {
    kernelNamed('gradient norms', () => spanSquaresCode(WORKGROUP)).dispatchMany(
      [this.#spans, gradients, this.sums],
      this.#spans.size / 8,
    )
  }

  /** Encodes the factors from the sums. @param hyper AdamW's hyperparameters */
  encodeFactors(hyper: GPUBuffer): void {
    kernelNamed('gradient clips', () => clipEachCode(WORKGROUP)).dispatch(
      [hyper, this.#parameters, this.sums, this.factors],
      groupsFor(this.#parameters.size, 16),
    )
  }

  /** Frees the buffers, once what was encoded is submitted. */
  dispose(): void {
    for (const buffer of [this.sums, this.factors, this.#spans, this.#parameters])
      this.#engine.destroyBuffer(buffer)
  }

  #upload(label: string, words: readonly number[]): GPUBuffer {
    const usage = GPUBufferUsage.STORAGE | GPUBufferUsage.COPY_DST
    const buffer = this.#engine.createBuffer(label, 4 * words.length, usage)
    this.#engine.device.queue.writeBuffer(buffer, 0, Uint32Array.from(words))
    return buffer
  }
}
