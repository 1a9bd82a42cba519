import { createStore } from 'zustand/vanilla'
import { evaluate } from '../../../store/events.ts'
import { client, session } from '../../../store/page.ts'
import { addNotice } from '../../../store/session.ts'
import { nothingOpened, withOpened, type Comparison } from './chosen.ts'
import { readReport, type ComparedKind } from './reportFile.ts'

export const comparison = createStore<Comparison>(() => nothingOpened)

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
  comparison.setState((state) => withOpened(state, report))
  evaluate(session, (state) => ({
    ...state,
    section: kinds.find((kind) => kind === state.section) ?? kinds[0]!,
  }))
  client.changeView((view) => ({ ...view, tab: 'evaluate' }))
  addNotice(session, `${fileName} is opened for comparison.`)
}
