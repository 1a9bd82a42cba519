import { pooled, type TableDescription, type TablesSnapshot } from '../tables.ts'
import type { StepMetrics } from '../training/trainer.ts'

/** Milliseconds between two reports. */
const INTERVAL = 250

/** Adds the tables of steps up, so that the page hears of them at a bounded rate. */
export class TablesReport {
  readonly #post: (snapshot: TablesSnapshot) => void
  readonly #now: () => number
  #described: readonly TableDescription[] = []
  #gathered: TablesSnapshot | null = null
  #reported = -Infinity

  /** @param now milliseconds */
  constructor(post: (snapshot: TablesSnapshot) => void, now = () => performance.now()) {
    this.#post = post
    this.#now = now
  }

  /** Gathers these tables from now on; none of a method that has none. */
  begin(described: readonly TableDescription[]): void {
    this.#described = described
  }

  /** Adds those of a step. */
  add({ step, tables }: StepMetrics): void {
    if (tables === undefined) return
    const values = Object.entries(tables).map(
      ([key, table]) => [key, Float64Array.from(table)] as const,
    )
    const latest = { from: step, step, values: Object.fromEntries(values) }
    this.#gathered = this.#gathered ? pooled(this.#described, this.#gathered, latest) : latest
  }

  /** Whether it is time for a report. */
  get isDue(): boolean {
    return this.#gathered !== null && this.#now() - this.#reported >= INTERVAL
  }

  /** Reports what there is. */
  flush(): void {
    if (this.#gathered === null) return
    this.#reported = this.#now()
    this.#post(this.#gathered)
    this.#gathered = null
  }
}
