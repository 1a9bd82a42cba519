import type { MetricsBatch } from '../protocol.ts'
import type { TablesSnapshot } from '../tables.ts'
import type { Trainer } from '../training/trainer.ts'
import { MetricsReport } from './metricsReport.ts'
import { TablesReport } from './tablesReport.ts'

/** Who hears of the numbers of steps. */
export interface StepListener {
  readonly metrics: (batch: MetricsBatch) => void
  readonly tables: (snapshot: TablesSnapshot) => void
}

/** Tells of the numbers of a run's steps, each kind at its own rate. */
export class StepReports {
  readonly #metrics: MetricsReport
  readonly #tables: TablesReport

  constructor(listener: StepListener) {
    this.#metrics = new MetricsReport((batch) => listener.metrics(batch))
    this.#tables = new TablesReport((snapshot) => listener.tables(snapshot))
  }

  /** Gathers what this trainer reports. */
  listen(trainer: Trainer): void {
    this.#metrics.begin(trainer.metricKeys)
    this.#tables.begin(trainer.tables)
    trainer.onMetrics = (row) => {
      this.#metrics.add(row)
      this.#tables.add(row)
    }
  }

  /** Reports what it is time for; returns whether it was time for metrics. */
  flushDue(): boolean {
    if (this.#tables.isDue) this.#tables.flush()
    const { isDue } = this.#metrics
    if (isDue) this.#metrics.flush()
    return isDue
  }

  /** Reports all that there is. */
  flush(): void {
    this.#metrics.flush()
    this.#tables.flush()
  }
}
