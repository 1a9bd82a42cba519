import { useMemo, useState } from 'react'
import { recordsOf } from '../../store/evaluations.ts'
import { useSession } from '../../store/hooks.ts'
import { series } from '../../store/page.ts'
import { recentOf } from '../../store/recent.ts'
import { useSubject } from '../evaluate/useEvaluation.ts'
import { useSeriesVersion } from './useSeriesVersion.ts'
import { sayTheSame, warningsOfRun, type Warning } from './warnings.ts'

/** Numbers in warnings are brought up to date after this share of the steps: a text that one reads should stand still. */
const STEPS_SHARE = 0.1

interface Told {
  readonly warnings: readonly Warning[]
  /** Step at which the numbers were taken. */
  readonly step: number
}

/** The warnings of the present run: new ones at once, new numbers now and then. */
export function useWarnings(): readonly Warning[] {
  const version = useSeriesVersion()
  const { method, values } = useSubject()
  const kept = useSession((state) => state.evaluations.kept)
  const knn = useMemo(() => recordsOf(kept, 'knn'), [kept])
  const now = useMemo((): Told => {
    const recent = version < 0 ? { step: 0, values: {} } : recentOf(series)
    return {
      warnings: warningsOfRun({ method, settings: values, recent, knn }),
      step: recent.step,
    }
  }, [version, method, values, knn])
  const [told, setTold] = useState(now)
  const isOld = now.step < told.step || now.step > told.step * (1 + STEPS_SHARE)
  if (told !== now && (isOld || !sayTheSame(told.warnings, now.warnings))) setTold(now)
  return told.warnings
}
