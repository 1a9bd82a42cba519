import { useEffect, useState } from 'react'
import { series } from '../../store/page.ts'

/** Charts are drawn anew at most so often. */
const MILLISECONDS = 250

/**
 * The version of the series, sampled at display frames and at most four times a second: however fast training is,
 * charts draw at their own pace, and not at all while the tab is hidden. `phase` in [0, 1) spreads charts over time,
 * so that they are not all drawn in the same frame.
 */
export function useSeriesVersion(phase = 0): number {
  const [version, setVersion] = useState(series.version)
  useEffect(() => {
    let frame = 0
    let drawn = performance.now() - (1 - phase) * MILLISECONDS
    const sample = (now: number): void => {
      frame = requestAnimationFrame(sample)
      if (now - drawn < MILLISECONDS) return
      drawn = now
      setVersion(series.version)
    }
    frame = requestAnimationFrame(sample)
    return () => cancelAnimationFrame(frame)
  }, [phase])
  return version
}
