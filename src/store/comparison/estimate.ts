import type { MethodDescription } from '../../methods/description.ts'
import type { SettingValues } from '../../settings/rows.ts'
import { isRun, type Comparison, type RunKey } from './model.ts'
import { runsOf, settingsOf } from './plan.ts'
import { limitOf } from './timing.ts'

/** What a step of a run with known settings was measured to take. */
export interface Pace {
  readonly method: MethodDescription
  readonly values: SettingValues
  readonly secondsPerStep: number
}

/** A token that is trained costs three times one that only goes forward. */
const TRAINED = 3

/** The work of a step in tokens that go forward once, or in what is counted in their place. */
const workOf = (method: MethodDescription, values: SettingValues) => {
  const { unit, teacher, student } = method.tokenCounts(values)
  return { unit, amount: (teacher + TRAINED * student) * Number(values.batchSize) }
}

/**
 * Seconds of training that the runs of a comparison still need: from its own runs where they have made steps, else
 * from the pace of another run of the method, in proportion to the tokens of a step. Null where nothing is known, of one
 * of them even. Runs that get a time take that time.
 */
export function secondsLeft(
  method: MethodDescription,
  comparison: Comparison,
  pace: Pace | null,
): number | null {
  const { budget, runs } = comparison
  const limit = limitOf(budget)
  const isOver = (key: RunKey): boolean =>
    (runs.find(isRun(key))?.outcome ?? 'running') !== 'running'
  const left = runsOf(comparison).filter((key) => !isOver(key))
  if (budget.byTime)
    return left.reduce(
      (sum, key) => sum + Math.max(limit - (runs.find(isRun(key))?.seconds ?? 0), 0),
      0,
    )
  const own = runs
    .filter(({ step, seconds }) => step > 1 && seconds > 0)
    .map(({ values, step, seconds }) => ({ method, values, secondsPerStep: seconds / step }))
  const known = own.length > 0 ? own : pace?.method.id === method.id ? [pace] : []
  const paces = known.map((run) => {
    const { unit, amount } = workOf(method, run.values)
    return { unit, secondsOfWork: run.secondsPerStep / amount }
  })
  return left.reduce<number | null>((sum, key) => {
    const record = runs.find(isRun(key))
    const { unit, amount } = workOf(method, settingsOf(method, comparison, key).values)
    const alike = paces.filter((pace) => pace.unit === unit)
    if (sum === null || alike.length === 0) return null
    const secondsOfWork = alike.reduce((all, pace) => all + pace.secondsOfWork, 0) / alike.length
    const seconds = (budget.steps - (record?.step ?? 0)) * secondsOfWork * amount
    return sum + Math.max(Math.min(seconds, limit - (record?.seconds ?? 0)), 0)
  }, 0)
}
