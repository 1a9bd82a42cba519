import type { Reins } from '../driver.ts'
import type { Session, SessionStore } from '../session.ts'
import type { Aside } from './shelf.ts'

/**
 * Pauses the person's own run and keeps it with their form, so that a comparison can give both back. Resolves with null
 * when the run could not be kept: then it is as it was, and the page says why.
 */
export async function setAside(session: SessionStore, reins: Reins): Promise<Aside | null> {
  const { method, preset, wanted, savedStep } = session.getState()
  const form = { method, preset, values: wanted }
  reins.pause()
  const isOver = ({ crashed, run }: Session): boolean =>
    crashed || !(run.goesOn || run.state === 'training' || run.state === 'recovering')
  await until(session, isOver)
  if (session.getState().run.step === 0) return { form, snapshot: null, savedStep }
  const before = reins.kept()
  const { crashed, faults } = session.getState()
  // A worker that is gone has left what the page kept of it, if anything.
  if (crashed) return { form, snapshot: before, savedStep }
  reins.keep()
  await until(
    session,
    (state) => reins.kept() !== before || state.crashed || state.faults !== faults,
  )
  const snapshot = reins.kept()
  return snapshot === null || (snapshot === before && !session.getState().crashed)
    ? null
    : { form, snapshot, savedStep }
}

/** Resolves as soon as the session is so. */
function until(session: SessionStore, isSo: (state: Session) => boolean): Promise<void> {
  if (isSo(session.getState())) return Promise.resolve()
  return new Promise((resolve) => {
    const unsubscribe = session.subscribe((state) => {
      if (!isSo(state)) return
      unsubscribe()
      resolve()
    })
  })
}
