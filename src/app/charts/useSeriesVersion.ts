import { useEffect, useState } from 'react'
import { series } from '../../store/page.ts'
import { createTicker } from './ticker.ts'

/** One for all charts, so that they take turns. */
const ticker = createTicker({
  request: (callback) => requestAnimationFrame(callback),
  cancel: (id) => cancelAnimationFrame(id),
})

/**
 * The version of the series, sampled a few times a second: however fast training is, charts draw at their own pace,
 * one at a time, and not at all while the tab is hidden.
 */
export function useSeriesVersion(): number {
  const [version, setVersion] = useState(series.version)
  useEffect(() => ticker.add(() => setVersion(series.version)), [])
  return version
}
