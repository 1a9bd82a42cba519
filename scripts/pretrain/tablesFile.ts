import {
  meansOf,
  pooled,
  sharesOf,
  type TableDescription,
  type TablesSnapshot,
} from '../../src/tables.ts'
import type { StepMetrics } from '../../src/training/trainer.ts'
import { CsvFile } from './csvFile.ts'

/**
 * `tables.csv`: what the method's tables were over the steps from `from` to `step`, a row for every column of every table.
 * Of means the `value` and the `count` of what it is the mean of, where there is any; of shares their mean; of a matrix the
 * `value` after `step` in a `row` and a `column`. Rows and columns are named by where they lie on their axes.
 */
export class TablesFile {
  readonly #file: CsvFile
  readonly #described: readonly TableDescription[]
  readonly #every: number
  #gathered: TablesSnapshot | null = null

  /**
   * See `CsvFile`.
   * @param every steps between two rows of the same table; none are added when 0
   */
  constructor(path: string, described: readonly TableDescription[], every: number, keep = 0) {
    const columns = ['step', 'from', 'key', 'row', 'column', 'value', 'count']
    this.#file = new CsvFile(path, columns, keep)
    this.#described = described
    this.#every = every
  }

  /**
   * Adds the tables of a step, and writes rows where it is time for them.
   * @throws PeekabooError `storage`
   */
  add({ step, tables }: StepMetrics): void {
    if (tables === undefined || this.#every === 0) return
    const values = Object.entries(tables).map(([key, table]) => [key, Float64Array.from(table)])
    const latest = {
      from: step,
      step,
      values: Object.fromEntries(values) as TablesSnapshot['values'],
    }
    this.#gathered = this.#gathered ? pooled(this.#described, this.#gathered, latest) : latest
    if (step % this.#every === 0) this.flush()
  }

  /**
   * Writes rows for the steps that are in none yet: a run that goes on from here begins with the next.
   * @throws PeekabooError `storage`
   */
  flush(): void {
    const gathered = this.#gathered
    this.#gathered = null
    if (gathered === null) return
    const { step, from } = gathered
    for (const table of this.#described)
      for (const row of rowsOf(table, gathered)) this.#file.add([step, from, table.key, ...row])
  }

  /** Ends the file. */
  close(): void {
    this.flush()
    this.#file.close()
  }
}

/** Row, column, value and count of all that a table has. */
function rowsOf({ key, kind, rows, columns }: TableDescription, snapshot: TablesSnapshot) {
  const values = snapshot.values[key]!
  if (kind === 'means') {
    const { means, counts } = meansOf(values)
    const cells = columns.at.map((column, at) => [null, column, means[at]!, counts[at]!] as const)
    return cells.filter(([, , , count]) => count > 0)
  }
  return [...(kind === 'shares' ? sharesOf(values, snapshot) : values)].map((value, at) => {
    const row = Math.floor(at / columns.at.length)
    return [rows?.at[row] ?? null, columns.at[at % columns.at.length]!, value, null] as const
  })
}
