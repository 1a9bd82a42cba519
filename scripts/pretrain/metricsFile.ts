import type { StepMetrics } from '../../src/training/trainer.ts'
import { CsvFile } from './csvFile.ts'

/** `metrics.csv`: a row a step, numbers with all the digits that a float32 needs to be read back exactly. */
export class MetricsFile {
  /** The first and last row added. */
  first: StepMetrics | null = null
  last: StepMetrics | null = null
  readonly #file: CsvFile
  readonly #keys: readonly string[]

  /** See `CsvFile`. */
  constructor(path: string, keys: readonly string[], keep = 0) {
    this.#file = new CsvFile(path, ['step', ...keys, 'epoch', 'seconds'], keep)
    this.#keys = keys
  }

  /**
   * Writes the row of a step.
   * @throws PeekabooError `storage`
   */
  add(metrics: StepMetrics): void {
    const { step, epoch, seconds, values } = metrics
    this.#file.add([step, ...this.#keys.map((key) => values[key]!), epoch, seconds])
    this.first ??= metrics
    this.last = metrics
  }

  /** Ends the file. */
  close(): void {
    this.#file.close()
  }
}
