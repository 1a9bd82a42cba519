import type { Series } from './series.ts'
import type { Tables } from './tables.ts'

/** The course of one run as the charts have it, outside React's state. */
export interface History {
  /** Numbers of every step. */
  readonly series: Series
  /** Tables, where the method has any. */
  readonly tables: Tables
}

/** A history as text, for the checkpoint: the series, with the tables beside its parts. */
export const writeHistory = ({ series, tables }: History): string =>
  JSON.stringify({ ...series.toJSON(), tables })

/** Replaces a history by what is in such text, up to `step`; by nothing where the text is none. */
export function readHistory({ series, tables }: History, text: string, step: number): void {
  const parts = series.restore(text) ? (JSON.parse(text) as { readonly tables?: unknown }) : {}
  tables.restore(parts.tables)
  // The charts may be newer than the state with which they were saved.
  series.rewind(step)
  tables.rewind(step)
}
