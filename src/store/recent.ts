import type { Series } from './series.ts'
import { smooth } from './smoothing.ts'

/** Half-life of the averages in steps: long enough to be calm, short enough to tell of a change while it matters. */
const HALF_LIFE = 20

/** Where the series stands. */
export interface Recent {
  /** Of the newest row; 0 before the first one. */
  readonly step: number
  /** Average of the last steps of every metric that has values. */
  readonly values: Readonly<Record<string, number>>
}

/** The newest values of all metrics, averaged over the last steps. */
export function recentOf(series: Series): Recent {
  const { length } = series
  const values: Record<string, number> = {}
  if (length === 0) return { step: 0, values }
  for (const key of series.keys) {
    const value = smooth(series.metric(key)!, length, HALF_LIFE)[length - 1]!
    if (Number.isFinite(value)) values[key] = value
  }
  return { step: series.axis('step')[length - 1]!, values }
}
