import { pooled, type TableDescription, type TablesSnapshot } from '../../../tables.ts'
import { formatNumber } from '../../../settings/format.ts'

/** Steps whose tables make one curve, where there are so many: a single one is noise. */
export const WINDOW = 50

/** What is known of a run's tables. */
export interface Course {
  readonly described: readonly TableDescription[]
  /** Oldest first; at least one. */
  readonly snapshots: readonly TablesSnapshot[]
  /** Steps with which live changes took effect: no curve is the mean of steps before and after one. */
  readonly changes: readonly number[]
}

/** Whether a live change took effect in the course of two snapshots: what was before it is of other settings. */
const parted = (changes: readonly number[], earlier: TablesSnapshot, later: TablesSnapshot) =>
  changes.some((step) => earlier.from < step && step <= later.step)

/** What the tables were over the steps up to a snapshot's last: `WINDOW` of them, or fewer where a change or the beginning is nearer. */
export function windowTo({ described, snapshots, changes }: Course, place: number): TablesSnapshot {
  let all = snapshots[place]!
  for (let before = place - 1; before >= 0 && all.step - all.from + 1 < WINDOW; before--) {
    const earlier = snapshots[before]!
    if (parted(changes, earlier, all)) break
    all = pooled(described, earlier, all)
  }
  return all
}

/** What the tables were over the first steps, up to `WINDOW`; null where those are not before a later window. */
export function firstWindow(
  { described, snapshots, changes }: Course,
  later: TablesSnapshot,
): TablesSnapshot | null {
  let all: TablesSnapshot | null = null
  for (const next of snapshots) {
    if (next.step >= later.from) break
    if (all !== null && (parted(changes, all, next) || next.step - all.from >= WINDOW)) break
    all = all === null ? next : pooled(described, all, next)
  }
  return all
}

/** Of which steps a curve is: "last 50 steps", "steps 101 to 150". */
export function windowText({ from, step }: TablesSnapshot, isNewest: boolean): string {
  const count = step - from + 1
  if (isNewest) return count === 1 ? 'last step' : `last ${formatNumber(count)} steps`
  return count === 1
    ? `step ${formatNumber(step)}`
    : `steps ${formatNumber(from)} to ${formatNumber(step)}`
}
