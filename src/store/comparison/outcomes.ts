import type { SettingValues } from '../../settings/rows.ts'
import { isRun, noCurves, type Comparison, type RunKey, type RunRecord } from './model.ts'

/** A run that has just begun. */
export const begun = (key: RunKey, values: SettingValues): RunRecord => ({
  variant: key.variant,
  repeat: key.repeat,
  outcome: 'running',
  values,
  step: 0,
  seconds: 0,
  curves: noCurves,
  timedOut: false,
  fault: null,
  adapter: '',
})

/** The comparison with a run's record, in the place of an earlier one. */
export const withRecord = (comparison: Comparison, record: RunRecord): Comparison => {
  const known = comparison.runs.some(isRun(record))
  const runs = known
    ? comparison.runs.map((run) => (isRun(record)(run) ? record : run))
    : [...comparison.runs, record]
  return { ...comparison, runs }
}

/** Runs that were under way when the page was closed, or the file written, were interrupted. */
export const endedRuns = (comparison: Comparison): Comparison =>
  comparison.runs.some(({ outcome }) => outcome === 'running')
    ? {
        ...comparison,
        runs: comparison.runs.map((run) =>
          run.outcome === 'running' ? { ...run, outcome: 'interrupted' } : run,
        ),
      }
    : comparison
