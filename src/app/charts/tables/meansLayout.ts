import { meansOf, type TableAxis } from '../../../tables.ts'
import { valueScale, type Scale } from '../axes.ts'

/** A column of a table of means that something has fallen into. */
export interface Mean {
  /** Where it lies on the axis. */
  readonly at: number
  readonly mean: number
  /** How many numbers it is the mean of. */
  readonly count: number
}

/** The columns that something has fallen into, from sums and counts. */
export function filledColumns(values: Float64Array, { at }: TableAxis): readonly Mean[] {
  const { means, counts } = meansOf(values)
  return at.flatMap((place, column) =>
    counts[column]! > 0 && Number.isFinite(means[column])
      ? [{ at: place, mean: means[column]!, count: counts[column]! }]
      : [],
  )
}

/** Ticks of an axis at most. */
const TICKS = 6

/** The horizontal axis over these columns: round ticks between the first and the last, whole ones where columns are. */
export function columnScale(columns: readonly Mean[], axis: TableAxis): Scale {
  const places = columns.map(({ at }) => at)
  const [first, last] = [Math.min(...places), Math.max(...places)]
  if (!(first < last)) return { domain: [first - 1, first + 1], ticks: [first] }
  const whole = axis.at.every(Number.isInteger)
  const { ticks } = valueScale(first, last, false, TICKS)
  return {
    domain: [first, last],
    ticks: ticks.filter(
      (tick) => tick >= first && tick <= last && (!whole || Number.isInteger(tick)),
    ),
  }
}

/** The column nearest to a place on the axis; none where there are no columns. */
export const nearestColumn = (columns: readonly Mean[], place: number): Mean | undefined =>
  columns.reduce<Mean | undefined>(
    (best, each) => (best && Math.abs(best.at - place) <= Math.abs(each.at - place) ? best : each),
    undefined,
  )
