import type { MetricsBatch } from '../protocol.ts'
import type { StepMetrics } from '../training/trainer.ts'

/** Milliseconds between two reports. */
const INTERVAL = 100

/** Gathers the metrics of steps into batches, so that the page hears of them at a bounded rate. */
export class MetricsReport {
  readonly #post: (batch: MetricsBatch) => void
  #keys: readonly string[] = []
  #rows: Float64Array[] = []
  #reported = 0

  constructor(post: (batch: MetricsBatch) => void) {
    this.#post = post
  }

  /** Gathers the metrics of these names from now on. */
  begin(keys: readonly string[]): void {
    this.#keys = keys
  }

  /** Adds those of a step. */
  add({ step, epoch, seconds, values }: StepMetrics): void {
    const row = [step, epoch, seconds, ...this.#keys.map((key) => values[key]!)]
    this.#rows.push(Float64Array.from(row))
  }

  /** Whether it is time for a report. */
  get isDue(): boolean {
    return performance.now() - this.#reported >= INTERVAL
  }

  /** Reports what there is. */
  flush(): void {
    this.#reported = performance.now()
    const columns = ['step', 'epoch', 'seconds', ...this.#keys]
    if (this.#rows.length > 0) this.#post({ columns, rows: this.#rows })
    this.#rows = []
  }
}
