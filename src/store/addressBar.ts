import { writeAddress } from '../settings/address.ts'
import { methodOf } from './form.ts'
import type { Session, SessionStore } from './session.ts'

/** Browsers refuse more than some hundred changes of the address a minute; a dragged slider makes more. */
const MILLISECONDS = 300

/** The query that opens the page with the form's settings. */
export const queryOf = ({ method, preset, wanted }: Session): string =>
  writeAddress({ method, preset, values: wanted }, methodOf(method))

/** Keeps the address in step with the form. Returns a function that stops it. */
export function keepAddress(session: SessionStore, replace: (query: string) => void): () => void {
  let timer: ReturnType<typeof setTimeout> | undefined
  let written = queryOf(session.getState())
  const write = (): void => {
    timer = undefined
    const query = queryOf(session.getState())
    if (query === written) return
    written = query
    replace(query)
  }
  const unsubscribe = session.subscribe((state, before) => {
    // The form of a driver passes: the address stays the person's.
    if (state.driving) return
    const isSame = state.wanted === before.wanted && state.preset === before.preset
    if (isSame && !before.driving) return
    timer ??= setTimeout(write, MILLISECONDS)
  })
  return () => {
    clearTimeout(timer)
    unsubscribe()
  }
}
