import type { EvaluationRecord } from '../../../results.ts'
import { formatNumber } from '../../../settings/format.ts'
import { recordsOf, type ComparedRun, type RecordOf } from '../../../store/evaluations.ts'
import type { OpenedReport } from './reportFile.ts'

/** A result to compare with. */
export interface Source {
  readonly key: string
  /** Where it comes from: the heading under which it is offered. */
  readonly group: 'This run, earlier' | 'Earlier runs of this visit' | 'Opened files'
  /** "A²MIM, run 2, step 400" */
  readonly name: string
  readonly record: RecordOf<'robustness'>
}

/** What things are called, by id. */
export interface SourceNames {
  readonly method: (id: string) => string
  readonly representation: (id: string) => string
}

/** What there is to compare with: all but the result that is shown already, the newest first. */
export function sourcesOf(
  kept: readonly EvaluationRecord[],
  compared: readonly ComparedRun[],
  opened: readonly OpenedReport[],
  shown: RecordOf<'robustness'> | null,
  names: SourceNames,
): readonly Source[] {
  const step = (record: RecordOf<'robustness'>) => `step ${formatNumber(record.step)}`
  const own = recordsOf(kept, 'robustness')
    .map((record, place) => ({ record, place }))
    .filter(({ record }) => record !== shown)
    .reverse()
    .map(({ record, place }) => ({
      key: `own ${place}`,
      group: 'This run, earlier' as const,
      name: `This run, ${step(record)}, ${names.representation(record.result.representation)}`,
      record,
    }))
  const earlier = compared.flatMap(({ runId, method, records }) =>
    recordsOf(records, 'robustness').map((record, place) => ({
      key: `run ${runId} ${place}`,
      group: 'Earlier runs of this visit' as const,
      name: `${names.method(method)}, run ${runId}, ${step(record)}`,
      record,
    })),
  )
  const files = opened.map(({ fileName, method, record }, place) => ({
    key: `file ${place}`,
    group: 'Opened files' as const,
    name: `${fileName} (${names.method(method)}, ${step(record)})`,
    record,
  }))
  return [...own, ...earlier, ...files]
}
