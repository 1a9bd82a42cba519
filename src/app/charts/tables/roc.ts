import { type TableAxis } from '../../../tables.ts'
import type { Mean } from './meansLayout.ts'

/** A point of a ROC curve: what is found, and what is mistaken for it, with everything from a probability on called true. */
export interface RocPoint {
  readonly threshold: number
  /** Share of what is false that is called true, in [0, 1]. */
  readonly falseRate: number
  /** Share of what is true that is called true, in [0, 1]. */
  readonly trueRate: number
}

/** A ROC curve. */
export interface Roc {
  /** By falling threshold, from 1 to 0: one more than there are bins. */
  readonly points: readonly RocPoint[]
  /** Area under the curve; what shares a bin counts half. */
  readonly area: number
}

/**
 * The ROC curve of predicted probabilities in bins of equal width.
 * @param values what turned out true in every bin, then all that fell into it
 * @returns null where nothing, or everything, turned out true
 */
export function rocOf(values: Float64Array): Roc | null {
  const bins = values.length / 2
  const [trues, counts] = [values.subarray(0, bins), values.subarray(bins)]
  const sum = (of: Float64Array): number => of.reduce((all, each) => all + each, 0)
  const allTrue = sum(trues)
  const allFalse = sum(counts) - allTrue
  if (!(allTrue > 0 && allFalse > 0)) return null
  const points: RocPoint[] = [{ threshold: 1, falseRate: 0, trueRate: 0 }]
  let [found, mistaken, area] = [0, 0, 0]
  for (let bin = bins - 1; bin >= 0; bin--) {
    const before = found
    found += trues[bin]!
    const falses = counts[bin]! - trues[bin]!
    mistaken += falses
    area += (falses * (before + found)) / 2
    points.push({
      threshold: bin / bins,
      falseRate: mistaken / allFalse,
      trueRate: found / allTrue,
    })
  }
  return { points, area: area / (allTrue * allFalse) }
}

/** Pools neighbouring bins into so many groups, each at the mean of its bins: single ones have few members. */
export function pooledBins(
  columns: readonly Mean[],
  { at }: TableAxis,
  groups: number,
): readonly Mean[] {
  const members = Array.from({ length: groups }, (): Mean[] => [])
  for (const column of columns)
    members[Math.floor((at.indexOf(column.at) * groups) / at.length)]!.push(column)
  return members
    .filter((group) => group.length > 0)
    .map((group) => {
      const count = group.reduce((sum, each) => sum + each.count, 0)
      const mean = (of: (each: Mean) => number): number =>
        group.reduce((sum, each) => sum + (of(each) * each.count) / count, 0)
      return { at: mean((each) => each.at), mean: mean((each) => each.mean), count }
    })
}
