import { PeekabooError } from '../../../errors.ts'
import { isRecord } from '../../../evaluationRecords.ts'
import type { EvaluationRecord } from '../../../results.ts'
import type { RecordOf } from '../../../store/evaluations.ts'
import { APP_VERSION } from '../../../version.ts'

/** What a file of the command line says it is. */
const FORMAT = 'peekaboo-evaluation'
/** The version of its layout that is known here. */
const VERSION = 1

/** Results of files that can stand beside those of the run. */
const comparedKinds = ['robustness', 'interactions'] as const
export type ComparedKind = (typeof comparedKinds)[number]

/** What a file holds of them. */
export interface OpenedReport {
  readonly fileName: string
  /** Id of the method. */
  readonly method: string
  /** At least one, each of another kind. */
  readonly records: readonly RecordOf<ComparedKind>[]
}

/**
 * Reads the results of an `evaluation.json` that can be compared. Throws a PeekabooError `file-rejected` for any other
 * text, for one that is not whole, and for an evaluation without any such result.
 */
export function readReport(fileName: string, text: string): OpenedReport {
  const report = objectIn(parse(text))
  if (report?.format !== FORMAT)
    throw refused(
      `${fileName} is not an evaluation of Peekaboo.`,
      'Choose an evaluation.json that was written by “npm run evaluate”.',
    )
  if (report.version !== VERSION)
    throw refused(
      `${fileName} was written by another version of Peekaboo.`,
      'Evaluate the checkpoint again with the version that serves this page.',
    )
  const there = comparedKinds.filter((kind) => (report[kind] ?? null) !== null)
  if (there.length === 0)
    throw refused(
      `${fileName} holds no result that can be compared here.`,
      'Evaluate the checkpoint again with “--probe robustness” or “--probe interactions”.',
    )
  const checkpoint = objectIn(report.checkpoint)
  const records = there.map((kind) => {
    const record: unknown = {
      step: checkpoint?.step,
      epoch: checkpoint?.epoch,
      seconds: checkpoint?.seconds,
      took: objectIn(report.took)?.[kind],
      seed: report.seed,
      adapter: objectIn(report.adapter)?.name,
      settings: report.settings,
      result: report[kind],
    }
    if (typeof checkpoint?.method !== 'string' || !isRecord(record) || record.result.kind !== kind)
      throw refused(
        `${fileName} is damaged: its ${kind} result is not whole.`,
        'Evaluate the checkpoint again, or open another file.',
      )
    return record as RecordOf<ComparedKind>
  })
  return { fileName, method: checkpoint!.method as string, records }
}

/** A result as the text of a file that `readReport` reads: laid out as the command line does, with this result alone. */
export function writeReport(method: string, record: EvaluationRecord): string {
  const { step, epoch, seconds, took, seed, adapter, settings, result } = record
  const report = {
    format: FORMAT,
    version: VERSION,
    appVersion: APP_VERSION,
    checkpoint: { method, step, epoch, seconds },
    adapter: { name: adapter },
    seed,
    took: { [result.kind]: took },
    settings,
    [result.kind]: result,
  }
  return `${JSON.stringify(report, null, 1)}\n`
}

const objectIn = (value: unknown): Readonly<Record<string, unknown>> | null =>
  typeof value === 'object' && value !== null && !Array.isArray(value)
    ? (value as Readonly<Record<string, unknown>>)
    : null

function parse(text: string): unknown {
  try {
    return JSON.parse(text)
  } catch {
    return null
  }
}

const refused = (what: string, todo: string) =>
  new PeekabooError({ code: 'file-rejected', what, kept: 'Nothing has changed.', todo })
