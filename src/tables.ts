/**
 * Numbers of training that come in tables rather than one by one: the loss of every rank, a matrix that is learned. A
 * method describes its tables and fills them in every step; worker, page and files handle any of them without knowing it.
 */

/** What the rows or columns of a table stand for. */
export interface TableAxis {
  readonly label: string
  /** Where each of them lies on the axis: a rank, a distance, the number of a layer. */
  readonly at: readonly number[]
}

/** One table. Its size depends on no live setting. */
export interface TableDescription {
  readonly key: string
  readonly label: string
  readonly help: string
  /**
   * `means`: one row, each column the mean of all that has fallen into it; none while nothing has. `shares`: one row, how
   * one whole is parted among the columns, which add up to 1 in every step (how often each of many prototypes is chosen,
   * say). `matrix`: the numbers as they are after the step.
   */
  readonly kind: 'means' | 'shares' | 'matrix'
  /**
   * Of means. `probability`: the columns are bins of equal width in [0, 1] of a predicted probability, each at its middle,
   * and the means are the shares of what turned out true.
   */
  readonly meaning?: 'probability'
  /** Rows of a matrix; absent for others. */
  readonly rows?: TableAxis
  readonly columns: TableAxis
  /** A value to compare with, drawn as a line through means or shares. */
  readonly reference?: { readonly label: string; readonly value: number }
}

/** What the tables of a run were over some steps. */
export interface TablesSnapshot {
  /** The first and the last of the steps that it is about. */
  readonly from: number
  readonly step: number
  /**
   * By key. Of means the sums of all columns, then the counts, of shares the sums, over all the steps: snapshots can be
   * added up. Of a matrix its values after the last step, row by row.
   */
  readonly values: Readonly<Record<string, Float64Array>>
}

/** Rows and columns in which the numbers of a table lie: of means the sums, then the counts. */
export const tableShape = ({ kind, rows, columns }: TableDescription): [number, number] => [
  kind === 'means' ? 2 : (rows?.at.length ?? 1),
  columns.at.length,
]

/** How many numbers a table has. */
export function tableSize(table: TableDescription): number {
  const [rows, columns] = tableShape(table)
  return rows * columns
}

/** What two snapshots of these tables are together: sums add up, matrices are those of the later one. */
export function pooled(
  tables: readonly TableDescription[],
  earlier: TablesSnapshot,
  later: TablesSnapshot,
): TablesSnapshot {
  const values = tables.map(({ key, kind }) => {
    const [before, after] = [earlier.values[key]!, later.values[key]!]
    return [key, kind === 'matrix' ? after : after.map((sum, at) => sum + before[at]!)] as const
  })
  return { from: earlier.from, step: later.step, values: Object.fromEntries(values) }
}

/** What fell into the columns of a table of means. */
export interface Means {
  /** NaN where nothing has fallen. */
  readonly means: Float64Array
  readonly counts: Float64Array
}

/** The means of a table, from its sums and counts as a snapshot has them. */
export function meansOf(values: Float64Array): Means {
  const columns = values.length / 2
  const counts = values.slice(columns)
  const means = values.slice(0, columns).map((sum, at) => sum / counts[at]!)
  return { means, counts }
}

/** The mean shares of a snapshot's steps, from their sums as it has them. */
export const sharesOf = (
  sums: Float64Array,
  { from, step }: Pick<TablesSnapshot, 'from' | 'step'>,
): Float64Array => sums.map((sum) => sum / (step - from + 1))
