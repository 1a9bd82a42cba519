import type { MethodDescription } from '../../methods/description.ts'
import type { Comparison, RunRecord } from './model.ts'
import { csvLine } from '../csvLine.ts'
import { interactionValues } from '../interactionValues.ts'
import { varied } from './plan.ts'

/** What stands in a row besides the settings that differ. */
const COLUMNS = ['run', 'seed', 'outcome', 'step', 'images', 'seconds', 'measure', 'value'] as const

/**
 * All curves as a table in the long form, a value a row: `measure` is `loss` (smoothed), `knn:` and a representation
 * (percent), or of interactions, such as `interactions:trained:m7:debiased`. Fields are quoted as RFC 4180 wants them.
 */
export function writeCsv(method: MethodDescription, comparison: Comparison): string {
  const keys = varied(method, comparison).filter((key) => key !== 'seed')
  const rows = comparison.runs.flatMap((run) => {
    const label = comparison.variants.find(({ id }) => id === run.variant)!.label
    const settings = keys.map((key) => run.values[key] ?? '')
    return valuesOf(run).map(([step, seconds, measure, value]) => [
      label,
      ...settings,
      run.values.seed ?? '',
      run.outcome,
      step,
      step * Number(run.values.batchSize),
      seconds,
      measure,
      value,
    ])
  })
  const [first, ...others] = COLUMNS
  return [[first, ...keys, ...others], ...rows].map(csvLine).join('')
}

type Value = readonly [step: number, seconds: number, measure: string, value: number]

const valuesOf = (run: RunRecord): readonly Value[] => {
  const { loss, knn, interactions } = run.curves
  return [
    ...loss.steps.map((step, at): Value => [step, loss.seconds[at]!, 'loss', loss.values[at]!]),
    ...knn.flatMap(({ step, seconds, scores }) =>
      Object.entries(scores).map(([id, accuracy]): Value => [step, seconds, `knn:${id}`, accuracy]),
    ),
    ...(interactions?.curves ?? []).flatMap((curve) =>
      interactionValues(curve).map(([name, value]): Value => [
        run.step,
        run.seconds,
        `interactions:${name}`,
        value,
      ]),
    ),
  ]
}
