import { createStore } from 'zustand/vanilla'
import { evaluate } from '../../../store/events.ts'
import { client, session } from '../../../store/page.ts'
import { addNotice } from '../../../store/session.ts'
import { readReport, type ComparedKind, type OpenedReport } from './reportFile.ts'
import { curveKey, fileKey } from './sources.ts'

/** Results to compare with. */
export interface Comparison {
  /** Files of this visit, in the order in which they were opened. */
  readonly opened: readonly OpenedReport[]
  /** Keys of what was chosen, by kind: of a result for robustness, of curves for interactions. */
  readonly chosen: Readonly<Record<ComparedKind, readonly string[]>>
}

export const comparison = createStore<Comparison>(() => ({
  opened: [],
  chosen: { robustness: [], interactions: [] },
}))

/** Chooses what stands beside the run's own result of a kind. */
export const choose = (kind: ComparedKind, keys: readonly string[]): void =>
  comparison.setState(({ chosen }) => ({ chosen: { ...chosen, [kind]: keys } }))

/**
 * Opens an `evaluation.json` and compares with it, in the panel that is in front where the file has something for it.
 * Throws a PeekabooError `file-rejected`; then nothing has changed.
 */
export function openReport(fileName: string, text: string): void {
  const report = readReport(fileName, text)
  const kinds = report.records.map(({ result }) => result.kind)
  const key = fileKey(comparison.getState().opened.length)
  comparison.setState(({ opened, chosen }) => ({
    opened: [...opened, report],
    chosen: {
      robustness: kinds.includes('robustness') ? [key] : chosen.robustness,
      interactions: [
        ...chosen.interactions,
        ...report.records.flatMap(({ result }) =>
          result.kind === 'interactions'
            ? result.curves.map(({ network }) => curveKey(key, network))
            : [],
        ),
      ],
    },
  }))
  evaluate(session, (state) => ({
    ...state,
    section: kinds.find((kind) => kind === state.section) ?? kinds[0]!,
  }))
  client.changeView((view) => ({ ...view, tab: 'evaluate' }))
  addNotice(session, `${fileName} is opened for comparison.`)
}
