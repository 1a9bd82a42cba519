import { useEffect, useState } from 'react'
import { createTicker } from './ticker.ts'

/** One for all charts, so that they take turns. */
const ticker = createTicker({
  request: (callback) => requestAnimationFrame(callback),
  cancel: (id) => cancelAnimationFrame(id),
})

/**
 * The version of what a chart draws, sampled a few times a second: however fast training is, charts draw at their own
 * pace, one at a time, and not at all while the tab is hidden.
 */
export function useVersion(source: { readonly version: number }): number {
  const [version, setVersion] = useState(source.version)
  useEffect(() => ticker.add(() => setVersion(source.version)), [source])
  return version
}
