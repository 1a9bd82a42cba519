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
   * `means`: one row, each column the mean of all that has fallen into it; none while nothing has. `matrix`: the numbers
   * as they are after the step.
   */
  readonly kind: 'means' | 'matrix'
  /** Rows of a matrix; absent for means. */
  readonly rows?: TableAxis
  readonly columns: TableAxis
  /** A value to compare with, drawn as a line through means. */
  readonly reference?: { readonly label: string; readonly value: number }
}

/** What the tables of a run were over some steps. */
export interface TablesSnapshot {
  /** The first and the last of the steps that it is about. */
  readonly from: number
  readonly step: number
  /**
   * By key. Of means the sums of all columns, then the counts, over all the steps: snapshots can be added up. Of a matrix
   * its values after the last step, row by row.
   */
  readonly values: Readonly<Record<string, Float64Array>>
}
