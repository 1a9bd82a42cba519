import type { InteractionsResult } from '../../../results.ts'
import type { CurveView } from './curves.ts'
import classes from './interactions.module.css'
import { notesOf } from './words.ts'

interface NotesProps {
  readonly results: readonly InteractionsResult[]
  readonly view: CurveView
}

/** What one should know when one reads these curves. */
export function Notes({ results, view }: NotesProps) {
  return (
    <ul className={classes.notes} data-testid="interactions-notes">
      {notesOf(results, view).map((note) => (
        <li key={note}>{note}</li>
      ))}
    </ul>
  )
}
