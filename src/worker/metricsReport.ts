import type { MetricsBatch } from '../protocol.ts'
import type { Trainer } from '../training/trainer.ts'

/** Milliseconds between two reports. */
const INTERVAL = 100

/** Gathers the metrics of steps into batches, so that the page hears of them at a bounded rate. */
export class MetricsReport {
  readonly #post: (batch: MetricsBatch) => void
  #columns: readonly string[] = []
  #rows: Float64Array[] = []
  #reported = 0

  constructor(post: (batch: MetricsBatch) => void) {
    this.#post = post
  }

  /** Gathers what this trainer reports. */
  listen(trainer: Trainer): void {
    const keys = trainer.metricKeys
    this.#columns = ['step', 'epoch', 'seconds', ...keys]
    trainer.onMetrics = ({ step, epoch, seconds, values }) => {
      const row = [step, epoch, seconds, ...keys.map((key) => values[key]!)]
      this.#rows.push(Float64Array.from(row))
    }
  }

  /** Whether it is time for a report. */
  get isDue(): boolean {
    return performance.now() - this.#reported >= INTERVAL
  }

  /** Reports what there is. */
  flush(): void {
    this.#reported = performance.now()
    if (this.#rows.length > 0) this.#post({ columns: this.#columns, rows: this.#rows })
    this.#rows = []
  }
}
