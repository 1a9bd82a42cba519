import { createWriteStream, type WriteStream } from 'node:fs'
import { finished } from 'node:stream/promises'
import type { StepMetrics } from '../../src/training/trainer.ts'

/** `metrics.csv`: a row a step, numbers with all the digits that a float32 needs to be read back exactly. */
export class MetricsFile {
  /** The first and last row written. */
  first: StepMetrics | null = null
  last: StepMetrics | null = null
  readonly #stream: WriteStream
  readonly #keys: readonly string[]

  constructor(path: string, keys: readonly string[]) {
    this.#keys = keys
    this.#stream = createWriteStream(path)
    this.#stream.write(`${['step', ...keys, 'epoch', 'seconds'].join(',')}\n`)
  }

  /** Writes the row of a step. */
  add(metrics: StepMetrics): void {
    this.first ??= metrics
    this.last = metrics
    const { step, epoch, seconds, values } = metrics
    const row = [step, ...this.#keys.map((key) => values[key]!), epoch, seconds]
    this.#stream.write(`${row.join(',')}\n`)
  }

  /** Ends the file. */
  async close(): Promise<void> {
    this.#stream.end()
    await finished(this.#stream)
  }
}
