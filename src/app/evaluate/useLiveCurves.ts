import type { EvaluationKind } from '../../results.ts'
import type { LiveCurves } from '../../store/evaluations.ts'
import { useSession } from '../../store/hooks.ts'

/** The curves of the classifiers that are being trained; null before their first epoch and after their last. */
export const useLiveCurves = (kind: EvaluationKind): LiveCurves | null =>
  useSession(({ evaluations: { progress, curves } }) => {
    const live = curves[kind]
    return progress[kind] !== undefined && live && Object.keys(live).length > 0 ? live : null
  })
