import type { MethodDescription, Representation } from '../../methods/description.ts'
import type { EvaluationKind, EvaluationProgress } from '../../results.ts'
import type { SettingValues } from '../../settings/rows.ts'
import type { RecordOf } from '../../store/evaluations.ts'
import { methodOf } from '../../store/form.ts'
import { useSession } from '../../store/hooks.ts'
import { useRunAhead } from '../pictures/useRunAhead.ts'
import { representationFor } from './representations.ts'

/** The run that is evaluated: its method, settings and representations; those of the form before there is one. */
export function useSubject(): {
  readonly method: MethodDescription
  readonly values: SettingValues
  readonly representations: readonly Representation[]
} {
  const running = useSession((state) => state.running)
  const chosen = useSession((state) => state.method)
  const wanted = useSession((state) => state.wanted)
  const method = methodOf(running?.method ?? chosen)
  const values = running?.values ?? wanted
  return { method, values, representations: method.representations(values) }
}

/** The settings with which the run is evaluated: those of the form that do not wait for a restart, unless it shows another method. */
export const useEvaluationSettings = (): SettingValues => useRunAhead().settings

/** The representation that an evaluation takes now. */
export function useRepresentation(kind: EvaluationKind): Representation {
  const { representations } = useSubject()
  const chosen = useSession((state) => state.evaluations.chosen[kind])
  return representationFor(representations, kind, chosen)
}

/** Why nothing can be evaluated now, in a sentence; null when it can. */
export function useObstacle(): string | null {
  return useSession(({ crashed, run }) => {
    if (crashed) return 'The worker is gone: start it again first.'
    if (run.state === 'no-data') return 'There are no images yet.'
    if (run.state === 'paused' || run.state === 'training') return null
    if (run.state === 'stopped') return run.parameters > 0 ? null : 'The run could not be built.'
    return 'The run is being built.'
  })
}

/** How far an evaluation has come; `waiting` before it begins, undefined when none is under way. */
export const useProgress = (kind: EvaluationKind): EvaluationProgress | 'waiting' | undefined =>
  useSession((state) => state.evaluations.progress[kind])

/** The latest result of a kind; undefined before the first one. */
export const useLatest = <K extends EvaluationKind>(kind: K): RecordOf<K> | undefined =>
  useSession((state) => state.evaluations.latest[kind])
