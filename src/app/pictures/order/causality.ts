import type { CheckedOrder } from '../../../store/session.ts'
import { paintValues } from '../colourMap.ts'

/** A prediction that moved although nothing that it may see was disturbed. */
export interface Leak {
  readonly trial: number
  /** The pixels of this rank and of later ones were replaced. */
  readonly from: number
  /** The prediction of this rank moved. */
  readonly rank: number
  readonly moved: number
}

/** What a check of causality found. */
export interface Findings {
  /** Largest change of a segment's prediction, [trial, rank]. */
  readonly largest: Float32Array
  /** Largest change of what must not move, and of what may. */
  readonly forbidden: number
  readonly allowed: number
  /** The larger of the two. */
  readonly top: number
  /** The largest first. */
  readonly leaks: readonly Leak[]
  /** `still`: nothing moved, not even what may, so that the check says nothing. */
  readonly verdict: 'causal' | 'leak' | 'still'
}

/** Whether the prediction of a rank must stay when the pixels of `from` and of later ranks are replaced. */
export const mustStay = (rank: number, from: number): boolean => rank <= from

/** Reads a check, segment by segment. */
export function findingsOf({ causality, ranks, segments }: CheckedOrder): Findings {
  const { disturbedFrom, moved, tolerance } = causality
  const largest = new Float32Array(disturbedFrom.length * segments)
  moved.forEach((change, at) => {
    const place = Math.floor(at / ranks.length) * segments + ranks[at % ranks.length]!
    largest[place] = Math.max(largest[place]!, change)
  })
  const all = [...largest].map((change, at): Leak => {
    const trial = Math.floor(at / segments)
    return { trial, from: disturbedFrom[trial]!, rank: at % segments, moved: change }
  })
  const most = (found: readonly Leak[]) =>
    found.reduce((top, { moved: change }) => Math.max(top, change), 0)
  const staying = all.filter(({ rank, from }) => mustStay(rank, from))
  const forbidden = most(staying)
  const allowed = most(all.filter(({ rank, from }) => !mustStay(rank, from)))
  const leaks = staying
    .filter(({ moved: change }) => change > tolerance)
    .sort((a, b) => b.moved - a.moved)
  const verdict = leaks.length > 0 ? 'leak' : allowed <= tolerance ? 'still' : 'causal'
  return { largest, forbidden, allowed, top: Math.max(forbidden, allowed), leaks, verdict }
}

/** The trial that disturbs a rank and the fewest before it: the last that begins no later. */
export function trialAt(disturbedFrom: Uint16Array, rank: number): number {
  return Math.max(
    0,
    disturbedFrom.findLastIndex((from) => from <= rank),
  )
}

/** Changes of every cell's prediction in a trial: a view. */
export const movedIn = ({ causality, ranks }: CheckedOrder, trial: number): Float32Array =>
  causality.moved.subarray(trial * ranks.length, (trial + 1) * ranks.length)

/** Where a change lies between the smallest that counts and the largest of all, on a scale of powers of ten: 0 to 1. */
export function heightOf(change: number, tolerance: number, top: number): number {
  if (!(change > tolerance)) return 0
  if (top <= tolerance) return 1
  return Math.log(change / tolerance) / Math.log(top / tolerance)
}

/** Changes as colours, RGBA bytes; those up to the tolerance are transparent. */
export const paintChanges = (changes: Float32Array, tolerance: number, top: number) =>
  paintValues(
    changes.map((change) => heightOf(change, tolerance, top)),
    { bottom: 0, top: 1 },
    Uint8Array.from(changes, (change) => Number(change > tolerance)),
  )

/** What says most about a trial: of the predictions that must not move, the one that moved most. */
export function worstOf(
  { largest }: Findings,
  from: number,
  trial: number,
  segments: number,
): Leak {
  const row = largest.subarray(trial * segments, (trial + 1) * segments)
  let rank = Math.min(from, segments - 1)
  row.forEach((moved, other) => {
    if (mustStay(other, from) && moved > row[rank]!) rank = other
  })
  return { trial, from, rank, moved: row[rank]! }
}
