import { useMemo } from 'react'
import { collect, secondsOf } from '../../store/comparison/collect.ts'
import { isRun, type Comparison } from '../../store/comparison/model.ts'
import { useCompare } from '../../store/comparison/page.ts'
import { useSession } from '../../store/hooks.ts'
import { series } from '../../store/page.ts'
import { useSeriesVersion } from '../charts/useSeriesVersion.ts'

/** The comparison with the run in hand as it is at this moment, a few times a second. */
export function useLive(comparison: Comparison): Comparison {
  const status = useCompare((state) => state.status)
  const kept = useSession((state) => state.evaluations.kept)
  const version = useSeriesVersion()
  const key = status?.comparison === comparison.id ? status.run : null
  return useMemo(() => {
    if (key === null || version < 0 || series.length === 0) return comparison
    const step = series.axis('step')[series.length - 1]!
    const curves = collect(series, kept, comparison.budget.steps)
    const isInHand = isRun(key)
    return {
      ...comparison,
      runs: comparison.runs.map((run) =>
        isInHand(run) && run.outcome === 'running'
          ? { ...run, step, seconds: secondsOf(series), curves }
          : run,
      ),
    }
  }, [comparison, key, kept, version])
}
