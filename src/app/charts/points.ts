import type { ChartAxis } from '../../store/preferences.ts'
import type { Series } from '../../store/series.ts'
import { smooth } from '../../store/smoothing.ts'

/** One place on the horizontal axis: `x`, and for every metric its smoothed value and its range of raw values. */
export interface Point {
  readonly x: number
  readonly [value: string]: number | readonly [number, number] | null
}

/** Name of a metric's raw range in a point. */
export const rangeOf = (key: string): string => `${key}Range`

export interface PointOptions {
  readonly keys: readonly string[]
  readonly axis: ChartAxis
  /** Half-life of the smoothing in steps. */
  readonly smoothing: number
  readonly logScale: boolean
  /** Points that the chart has room for. */
  readonly most: number
}

/**
 * What a chart draws. Neighbouring buckets share a point where there are more than the chart has room for, always in
 * powers of two counted from the first one, so that points never move: now and then there are half as many.
 */
export function pointsOf(series: Series, options: PointOptions): readonly Point[] {
  const { keys, axis, smoothing, logScale, most } = options
  const { length } = series
  const group = 2 ** Math.max(Math.ceil(Math.log2(length / most)), 0)
  const positions = series.axis(axis)
  const drawn = keys.flatMap((key) => {
    const metric = series.metric(key)
    return metric ? [{ key, metric, smoothed: smooth(metric, length, smoothing) }] : []
  })
  const usable = (value: number): boolean => Number.isFinite(value) && (!logScale || value > 0)

  const points: Point[] = []
  for (let from = 0; from < length; from += group) {
    const last = Math.min(from + group, length) - 1
    const point: Record<string, Point[string]> & { x: number } = { x: positions[last]! }
    for (const { key, metric, smoothed } of drawn) {
      const value = smoothed[last]!
      const low = least(metric.min, from, last)
      const high = greatest(metric.max, from, last)
      point[key] = usable(value) ? value : null
      point[rangeOf(key)] = usable(low) && usable(high) ? [low, high] : null
    }
    points.push(point)
  }
  return points
}

/** Least and greatest raw value of the metrics; infinities the wrong way round when there are none. */
export function rangeOfValues(points: readonly Point[], keys: readonly string[]): [number, number] {
  let low = Infinity
  let high = -Infinity
  for (const point of points) {
    for (const key of keys) {
      const range = point[rangeOf(key)]
      if (typeof range !== 'object' || range === null) continue
      low = Math.min(low, range[0])
      high = Math.max(high, range[1])
    }
  }
  return [low, high]
}

/** The point nearest to a place on the horizontal axis, or undefined when there are none. */
export function nearestPoint(points: readonly Point[], x: number): Point | undefined {
  let low = 0
  let high = points.length - 1
  while (low < high) {
    const middle = (low + high) >> 1
    if (points[middle]!.x < x) low = middle + 1
    else high = middle
  }
  const before = points[low - 1]
  return before && x - before.x < points[low]!.x - x ? before : points[low]
}

function least(values: Float64Array, from: number, last: number): number {
  let found = Infinity
  for (let i = from; i <= last; i++) found = Math.min(found, values[i]!)
  return found
}

function greatest(values: Float64Array, from: number, last: number): number {
  let found = -Infinity
  for (let i = from; i <= last; i++) found = Math.max(found, values[i]!)
  return found
}
