import type { ComparedKind, OpenedReport } from './reportFile.ts'
import { curveKey, fileKey } from './sources.ts'

/** Results to compare with. */
export interface Comparison {
  /** Files of this visit, in the order in which they were opened. */
  readonly opened: readonly OpenedReport[]
  /** Keys of what was chosen, by kind: of a result for robustness, of curves for interactions. */
  readonly chosen: Readonly<Record<ComparedKind, readonly string[]>>
}

export const nothingOpened: Comparison = {
  opened: [],
  chosen: { robustness: [], interactions: [] },
}

/** With another file: its robustness is compared with, and its curves of interactions join those that are there. */
export function withOpened({ opened, chosen }: Comparison, report: OpenedReport): Comparison {
  const key = fileKey(opened.length)
  const results = report.records.map(({ result }) => result)
  const curves = results.flatMap((result) =>
    result.kind === 'interactions'
      ? result.curves.map(({ network }) => curveKey(key, network))
      : [],
  )
  return {
    opened: [...opened, report],
    chosen: {
      robustness: results.some(({ kind }) => kind === 'robustness') ? [key] : chosen.robustness,
      interactions: [...chosen.interactions, ...curves],
    },
  }
}
