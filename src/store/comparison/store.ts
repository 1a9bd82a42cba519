import { createStore, type StoreApi } from 'zustand/vanilla'
import type { Comparison, RunKey } from './model.ts'
import type { Aside } from './shelf.ts'

/** What the queue is doing. */
export type QueuePhase =
  | 'setting-aside' // the person's own run is kept
  | 'building'
  | 'training'
  | 'measuring' // k-NN of the step at which the run rests
  | 'interactions' // at the end of the run, which is done but for them
  | 'waiting' // paused between two runs
  | 'putting-back' // the person's own run comes back

/** The comparison that is being run. */
export interface QueueStatus {
  /** Id of the comparison. */
  readonly comparison: string
  readonly phase: QueuePhase
  /** The run in hand; null between runs. */
  readonly run: RunKey | null
  readonly paused: boolean
  /** The comparison ends with the run in hand. */
  readonly stopAfter: boolean
}

/** What the page knows of comparisons. */
export interface CompareState {
  /** Those of earlier visits have been read, or could not be. */
  readonly loaded: boolean
  /** Newest first. */
  readonly comparisons: readonly Comparison[]
  /** Id of the one on the page; null for none. */
  readonly opened: string | null
  /** Null while none is run. */
  readonly status: QueueStatus | null
  /** What the person had before the last comparison; null when they have it back. */
  readonly aside: Aside | null
}

export type CompareStore = StoreApi<CompareState>

export const createCompareStore = (): CompareStore =>
  createStore<CompareState>(() => ({
    loaded: false,
    comparisons: [],
    opened: null,
    status: null,
    aside: null,
  }))

/** The comparison of an id; undefined when there is none any more. */
export const comparisonOf = (
  { comparisons }: Pick<CompareState, 'comparisons'>,
  id: string | null,
): Comparison | undefined => comparisons.find((comparison) => comparison.id === id)

/** Changes a comparison, if it is still there. */
export function changeComparison(
  store: CompareStore,
  id: string,
  change: (comparison: Comparison) => Comparison,
): void {
  store.setState(({ comparisons }) => ({
    comparisons: comparisons.map((comparison) =>
      comparison.id === id ? change(comparison) : comparison,
    ),
  }))
}
