import { useMemo } from 'react'
import { usePreferences } from '../../store/hooks.ts'
import { series } from '../../store/page.ts'
import type { ChartAxis } from '../../store/preferences.ts'
import { pointsOf, type Point } from './points.ts'
import { useSeriesVersion } from './useSeriesVersion.ts'

/** What a chart draws now. */
export interface ChartState {
  readonly points: readonly Point[]
  readonly axis: ChartAxis
  /** Grows with every change of the series. */
  readonly version: number
}

export interface ChartRequest {
  /** Metrics to draw. */
  readonly keys: readonly string[]
  /** Points that the chart has room for. */
  readonly most: number
  readonly logScale: boolean
  /** Half-life of the smoothing in steps. */
  readonly smoothing: number
}

/** The points of a chart, at the pace of the display. */
export function useChart({ keys, most, logScale, smoothing }: ChartRequest): ChartState {
  const version = useSeriesVersion()
  const axis = usePreferences((state) => state.axis)
  const names = keys.join()
  const points = useMemo(
    () =>
      version < 0
        ? []
        : pointsOf(series, { keys: names.split(','), axis, smoothing, logScale, most }),
    [version, names, axis, smoothing, logScale, most],
  )
  return { points, axis, version }
}
