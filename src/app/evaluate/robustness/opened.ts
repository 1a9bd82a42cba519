import { createStore } from 'zustand/vanilla'
import { evaluate } from '../../../store/events.ts'
import { client, session } from '../../../store/page.ts'
import { addNotice } from '../../../store/session.ts'
import { readReport, type OpenedReport } from './reportFile.ts'

/** Results to compare with. */
export interface Comparison {
  /** Files of this visit, in the order in which they were opened. */
  readonly opened: readonly OpenedReport[]
  /** Key of the source that was chosen; null for none. */
  readonly chosen: string | null
}

export const comparison = createStore<Comparison>(() => ({ opened: [], chosen: null }))

/** Opens an `evaluation.json` and compares with it. Throws a PeekabooError `file-rejected`; then nothing has changed. */
export function openReport(fileName: string, text: string): void {
  const report = readReport(fileName, text)
  comparison.setState(({ opened }) => ({
    opened: [...opened, report],
    chosen: `file ${opened.length}`,
  }))
  evaluate(session, (state) => ({ ...state, section: 'robustness' }))
  client.changeView((view) => ({ ...view, tab: 'evaluate' }))
  addNotice(session, `${fileName} is opened for comparison.`)
}
