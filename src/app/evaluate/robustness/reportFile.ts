import { PeekabooError } from '../../../errors.ts'
import { isRecord } from '../../../evaluationRecords.ts'
import type { RecordOf } from '../../../store/evaluations.ts'

/** What a file of the command line says it is. */
const FORMAT = 'peekaboo-evaluation'
/** The version of its layout that is known here. */
const VERSION = 1

/** A robustness result from a file. */
export interface OpenedReport {
  readonly fileName: string
  /** Id of the method. */
  readonly method: string
  readonly record: RecordOf<'robustness'>
}

/**
 * Reads the robustness result of an `evaluation.json`. Throws a PeekabooError `file-rejected` for any other text, for one
 * that is not whole, and for an evaluation without robustness.
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
  if (report.robustness === null)
    throw refused(
      `${fileName} holds no robustness result.`,
      'Evaluate the checkpoint again with “--probe robustness”.',
    )
  const checkpoint = objectIn(report.checkpoint)
  const record: unknown = {
    step: checkpoint?.step,
    epoch: checkpoint?.epoch,
    seconds: checkpoint?.seconds,
    took: objectIn(report.took)?.robustness,
    seed: report.seed,
    adapter: objectIn(report.adapter)?.name,
    settings: report.settings,
    result: report.robustness,
  }
  const method = checkpoint?.method
  if (typeof method !== 'string' || !isRobustness(record))
    throw refused(
      `${fileName} is damaged: its robustness result is not whole.`,
      'Evaluate the checkpoint again, or open another file.',
    )
  return { fileName, method, record }
}

const isRobustness = (value: unknown): value is RecordOf<'robustness'> =>
  isRecord(value) && value.result.kind === 'robustness'

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
