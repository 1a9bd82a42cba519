import { describe, expect, test, vi } from 'vitest'
import { watchBackground } from './background.ts'
import type { Preferences } from './preferences.ts'
import { createSession, idleRun, type Session } from './session.ts'

class FakePage extends EventTarget {
  visibilityState: DocumentVisibilityState = 'visible'

  turn(visibilityState: DocumentVisibilityState): void {
    this.visibilityState = visibilityState
    this.dispatchEvent(new Event('visibilitychange'))
  }
}

function setUp(background: Preferences['background'], state: Session['run']['state']) {
  const page = new FakePage()
  const session = createSession({ runId: 1, run: { ...idleRun, state } })
  const client = { train: vi.fn(), pause: vi.fn() }
  const stop = watchBackground(page, session, client, () => ({ background }))
  const enter = (next: Session['run']['state']) =>
    session.setState(({ run }) => ({ run: { ...run, state: next } }))
  return { page, session, client, stop, enter }
}

describe('in a background tab', () => {
  test('training pauses and goes on again, for those who chose so', () => {
    const { page, client, enter } = setUp('pause', 'training')
    page.turn('hidden')
    expect(client.pause).toHaveBeenCalledOnce()
    enter('paused')
    page.turn('visible')
    expect(client.train).toHaveBeenCalledOnce()
  })

  test('training goes on for the others', () => {
    const { page, client } = setUp('train', 'training')
    page.turn('hidden')
    page.turn('visible')
    expect(client.pause).not.toHaveBeenCalled()
    expect(client.train).not.toHaveBeenCalled()
  })

  test('a run that was paused by hand stays paused', () => {
    const { page, client } = setUp('pause', 'paused')
    page.turn('hidden')
    page.turn('visible')
    expect(client.train).not.toHaveBeenCalled()
  })

  test.each(['stopped', 'loading'] as const)(
    'a run that is %s meanwhile is left alone',
    (state) => {
      const { page, client, enter } = setUp('pause', 'training')
      page.turn('hidden')
      enter(state)
      page.turn('visible')
      expect(client.train).not.toHaveBeenCalled()
    },
  )

  test('another run is left alone', () => {
    const { page, session, client, enter } = setUp('pause', 'training')
    page.turn('hidden')
    session.setState({ runId: 2 })
    enter('paused')
    page.turn('visible')
    expect(client.train).not.toHaveBeenCalled()
  })

  test('a driver pauses, also between its runs, and goes on with another one', () => {
    const { page, session, client } = setUp('pause', 'loading')
    const driving = { name: 'Ratios', what: 'run 1 of 2', paused: false }
    session.setState({ driving })
    page.turn('hidden')
    expect(client.pause).toHaveBeenCalledOnce()
    session.setState({ driving: { ...driving, paused: true }, runId: 2 })
    page.turn('visible')
    expect(client.train).toHaveBeenCalledOnce()
  })

  test('nothing happens once no one watches', () => {
    const { page, client, stop } = setUp('pause', 'training')
    stop()
    page.turn('hidden')
    expect(client.pause).not.toHaveBeenCalled()
  })
})
