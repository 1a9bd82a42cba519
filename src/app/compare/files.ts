import { toFault } from '../../errors.ts'
import { COMPARISON_BYTES, readComparison } from '../../store/comparison/file.ts'
import { add } from '../../store/comparison/page.ts'
import { session } from '../../store/page.ts'
import { addNotice } from '../../store/session.ts'

/** Reads a comparison from a file and shows it; a file that is none is refused in the import dialog. */
export async function takeComparison(file: File): Promise<void> {
  try {
    // Only as much is read as such a file can hold: a larger one is none.
    add(readComparison(file.name, await file.slice(0, COMPARISON_BYTES).text()))
    session.setState({ dialog: null })
    addNotice(session, `${file.name} is opened in the Compare tab.`)
  } catch (error) {
    session.setState({ refused: toFault(error), peeked: null })
  }
}
