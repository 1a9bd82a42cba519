import { warningsOf } from '../../collapse.ts'
import { historyWarnings } from '../../knnHistory.ts'
import type { MethodDescription } from '../../methods/description.ts'
import type { SettingValues } from '../../settings/rows.ts'
import type { RecordOf } from '../../store/evaluations.ts'
import type { Recent } from '../../store/recent.ts'

/** A sign that training goes wrong. */
export interface Warning {
  /** The same as long as the warning says the same, whatever its numbers. */
  readonly kind: string
  readonly text: string
}

/** What the warnings are drawn from. */
export interface WarningSources {
  readonly method: MethodDescription
  /** Of the run. */
  readonly settings: SettingValues
  readonly recent: Recent
  /** All k-NN results of the run, by step. */
  readonly knn: readonly RecordOf<'knn'>[]
}

/**
 * All warnings of a run: what its metrics say, what the newest features say, what k-NN over training says. Features from
 * before the first step have learned nothing yet and are not judged.
 */
export function warningsOfRun({
  method,
  settings,
  recent,
  knn,
}: WarningSources): readonly Warning[] {
  const newest = knn.at(-1)
  const features = newest && newest.step > 0 ? newest.result.scores : []
  const texts = [
    ...(recent.step > 0 ? (method.warnings?.(recent.values, settings, recent.step) ?? []) : []),
    ...features.flatMap(({ health }) => warningsOf(health)),
    ...historyWarnings(knn, method),
  ]
  const warnings = texts.map((text) => ({ kind: text.replace(/\d[\d.,]*/g, '#'), text }))
  return warnings.filter(
    ({ kind }, at) => warnings.findIndex((other) => other.kind === kind) === at,
  )
}

/** Whether both say the same, whatever their numbers. */
export const sayTheSame = (one: readonly Warning[], other: readonly Warning[]): boolean =>
  one.length === other.length && one.every(({ kind }, at) => kind === other[at]!.kind)
