import type { RunState } from '../protocol.ts'
import type { Client } from './client.ts'
import type { Preferences } from './preferences.ts'
import type { SessionStore } from './session.ts'

/** States of a run that was paused here and can be taken up. */
const RESUMABLE: readonly RunState[] = ['paused', 'training', 'recovering']

/**
 * Pauses training when the tab goes to the background and takes it up again when it comes back, for those who chose
 * so. Returns a function that stops watching.
 */
export function watchBackground(
  page: Pick<Document, 'addEventListener' | 'removeEventListener' | 'visibilityState'>,
  session: SessionStore,
  client: Pick<Client, 'train' | 'pause'>,
  preferences: () => Pick<Preferences, 'background'>,
): () => void {
  let pausedRun: number | null = null
  const onChange = (): void => {
    const { run, runId, driving } = session.getState()
    if (page.visibilityState === 'hidden') {
      const isUnderWay = driving ? !driving.paused : run.state === 'training'
      if (preferences().background !== 'pause' || !isUnderWay) return
      pausedRun = runId
      client.pause()
    } else {
      // Another run, or one that stopped by itself meanwhile, is not ours to start.
      const isOurs = driving
        ? pausedRun !== null
        : pausedRun === runId && RESUMABLE.includes(run.state)
      if (isOurs) client.train()
      pausedRun = null
    }
  }
  page.addEventListener('visibilitychange', onChange)
  return () => page.removeEventListener('visibilitychange', onChange)
}
