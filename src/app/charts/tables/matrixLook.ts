import type { TablesSnapshot } from '../../../tables.ts'
import { formatValue } from '../axes.ts'

/** The strongest tint of a cell, in percent: its number must stay readable on it. */
const TINT = 45
/** Colours of the two signs: their difference is seen by everyone, and the sign stands before the number. */
const PLUS = 'var(--series-2)'
const MINUS = 'var(--series-1)'

/** The background of a value between −`top` and `top`: none at 0, the stronger the farther from it. */
export function tintOf(value: number, top: number): string {
  const share = top > 0 ? Math.min(Math.abs(value) / top, 1) : 0
  const percent = Number((TINT * share).toFixed(1))
  return `color-mix(in oklab, ${value < 0 ? MINUS : PLUS} ${percent}%, var(--surface))`
}

/** The colours from −`top` over 0 to `top`, for a legend. */
export const tintGradient = `linear-gradient(to right, ${[-1, 0, 1].map((value) => tintOf(value, 1)).join(', ')})`

const withSign = (value: number, digits: string): string =>
  `${value > 0 ? '+' : value < 0 ? '−' : ''}${digits}`

/** A number with its sign: "+0.123", "−0.0451". */
export const signedText = (value: number): string => withSign(value, formatValue(Math.abs(value)))

/** The same in two places behind the point, for a cell: "+0.12"; no sign where it rounds to nought. */
export function shortText(value: number): string {
  const digits = Math.abs(value).toFixed(2)
  return Number(digits) === 0 ? digits : withSign(value, digits)
}

/** The largest magnitude that any entry of a matrix has had. */
export const topOf = (snapshots: readonly TablesSnapshot[], key: string): number =>
  snapshots.reduce(
    (top, { values }) => values[key]!.reduce((most, value) => Math.max(most, Math.abs(value)), top),
    0,
  )

/** Least and greatest value of an entry over the run. */
export function rangeOfEntry(
  snapshots: readonly TablesSnapshot[],
  key: string,
  entry: number,
): [number, number] {
  const values = snapshots.map((snapshot) => snapshot.values[key]![entry]!)
  return [Math.min(...values), Math.max(...values)]
}

/** Points of a line at most. */
const MOST_POINTS = 50
/** Room above and below a line, so that its stroke is whole, in hundredths. */
const EDGE = 6

/** The height of a value in a box of 100, in which a range goes from the bottom to the top; in the middle where it is empty. */
export const heightOf = (value: number, [low, high]: readonly [number, number]): number =>
  high > low ? 100 - EDGE - ((100 - 2 * EDGE) * (value - low)) / (high - low) : 50

/** The course of one entry in a box of 100 × 100, as an SVG path; empty for a single snapshot. */
export function coursePath(
  snapshots: readonly TablesSnapshot[],
  key: string,
  entry: number,
  range: readonly [number, number],
): string {
  const last = snapshots.length - 1
  if (last < 1) return ''
  const [start, end] = [snapshots[0]!.step, snapshots[last]!.step]
  const stride = Math.ceil(last / MOST_POINTS)
  return snapshots
    .filter((_, place) => place % stride === 0 || place === last)
    .map(({ step, values }, place) => {
      const x = (100 * (step - start)) / (end - start)
      const y = heightOf(values[key]![entry]!, range)
      return `${place === 0 ? 'M' : 'L'}${x.toFixed(1)},${y.toFixed(1)}`
    })
    .join('')
}
