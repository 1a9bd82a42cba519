import type { EvaluationRecord, InteractionCurve } from '../../../results.ts'
import { formatNumber } from '../../../settings/format.ts'
import { recordsOf, type ComparedRun, type RecordOf } from '../../../store/evaluations.ts'
import type { ComparedKind, OpenedReport } from './reportFile.ts'

/** A result to compare with. */
export interface Source<K extends ComparedKind> {
  readonly key: string
  /** Where it comes from: the heading under which it is offered. */
  readonly group: 'This run, earlier' | 'Earlier runs of this visit' | 'Opened files'
  /** "A²MIM, run 2, step 400" */
  readonly name: string
  readonly record: RecordOf<K>
}

/** What there may be to compare with. */
export interface Known<K extends ComparedKind> {
  readonly kept: readonly EvaluationRecord[]
  readonly compared: readonly ComparedRun[]
  readonly opened: readonly OpenedReport[]
  /** The result that is shown already. */
  readonly shown: RecordOf<K> | null
}

/** The key of a file's result, by the file's place among those that were opened. */
export const fileKey = (place: number): string => `file ${place}`

/** The key of one of the curves of a result of interactions. */
export const curveKey = (key: string, network: InteractionCurve['network']): string =>
  `${key} ${network}`

/** What things are called, by id. */
export interface SourceNames {
  readonly method: (id: string) => string
  readonly representation: (id: string) => string
}

const representationOf = ({ result }: RecordOf<ComparedKind>): string => result.representation

/** What there is to compare a kind of result with: all but the one that is shown already, the newest first. */
export function sourcesOf<K extends ComparedKind>(
  kind: K,
  { kept, compared, opened, shown }: Known<K>,
  names: SourceNames,
): readonly Source<K>[] {
  const step = (record: RecordOf<K>) => `step ${formatNumber(record.step)}`
  const own = recordsOf(kept, kind)
    .map((record, place) => ({ record, place }))
    .filter(({ record }) => record !== shown)
    .reverse()
    .map(({ record, place }) => ({
      key: `own ${place}`,
      group: 'This run, earlier' as const,
      name: `This run, ${step(record)}, ${names.representation(representationOf(record))}`,
      record,
    }))
  const earlier = compared.flatMap(({ runId, method, records }) =>
    recordsOf(records, kind).map((record, place) => ({
      key: `run ${runId} ${place}`,
      group: 'Earlier runs of this visit' as const,
      name: `${names.method(method)}, run ${runId}, ${step(record)}`,
      record,
    })),
  )
  const files = opened.flatMap(({ fileName, method, records }, place) =>
    recordsOf(records, kind).map((record) => ({
      key: fileKey(place),
      group: 'Opened files' as const,
      name: `${fileName} (${names.method(method)}, ${step(record)})`,
      record,
    })),
  )
  return [...own, ...earlier, ...files]
}
