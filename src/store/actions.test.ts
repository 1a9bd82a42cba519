import { describe, expect, test, vi } from 'vitest'
import { createActions, isGoing, keyName, type ActionId } from './actions.ts'
import type { Client } from './client.ts'
import { createSession, idleRun, type Session } from './session.ts'
import { actionFor, type KeyPress } from './shortcuts.ts'

function setUp(state: Partial<Session> = {}) {
  const session = createSession(state)
  const client = {
    start: vi.fn(),
    train: vi.fn(),
    pause: vi.fn(),
    step: vi.fn(),
    exportCheckpoint: vi.fn(),
    changeView: vi.fn((change: (view: Session['view']) => Session['view']) =>
      session.setState(({ view }) => ({ view: change(view) })),
    ),
  }
  const host = { copyLink: vi.fn(), switchColourScheme: vi.fn() }
  const actions = createActions(session, client as unknown as Client, host)
  const enabled = (id: ActionId) => actions[id].enabled(session.getState())
  return { session, client, host, actions, enabled }
}

const run = (state: Session['run']['state'], step = 0): Partial<Session> => ({
  run: { ...idleRun, state, step, images: 2000 },
})

describe('actions', () => {
  test('have a key each, and no two the same', () => {
    const list = Object.values(setUp().actions)
    expect(new Set(list.map(({ key }) => key)).size).toBe(list.length)
    for (const { key } of list) expect(key).toBe(key.toLowerCase())
    expect(list.map(({ key }) => keyName(key))).toContain('Space')
  })

  test('Train and Pause are one', () => {
    const { actions, client, session } = setUp(run('paused'))
    expect(actions.train.label(session.getState())).toBe('Train')
    actions.train.run()
    expect(client.train).toHaveBeenCalledOnce()
    session.setState(run('training'))
    expect(actions.train.label(session.getState())).toBe('Pause')
    actions.train.run()
    expect(client.pause).toHaveBeenCalledOnce()
  })

  test('Train while loading can be taken back', () => {
    const { actions, client, session } = setUp({ ...run('loading'), trainWhenReady: true })
    expect(isGoing(session.getState())).toBe(true)
    actions.train.run()
    expect(client.pause).toHaveBeenCalledOnce()
  })

  test('Restart asks only when steps would be lost', () => {
    const { actions, client, session } = setUp(run('paused', 12))
    actions.restart.run()
    expect(session.getState().dialog).toBe('restart')
    expect(client.start).not.toHaveBeenCalled()
    session.setState({ dialog: null, savedStep: 12 })
    actions.restart.run()
    expect(session.getState().dialog).toBeNull()
    expect(client.start).toHaveBeenCalledOnce()
  })

  test.each([
    ['opening', { train: true, step: false, export: false, restart: true }],
    ['loading', { train: true, step: false, export: false, restart: true }],
    ['paused', { train: true, step: true, export: true, restart: true }],
    ['training', { train: true, step: false, export: true, restart: true }],
    ['recovering', { train: true, step: false, export: false, restart: true }],
    ['stopped', { train: true, step: true, export: true, restart: true }],
  ] as const)('while %s, what can be done can be done', (state, expected) => {
    const { enabled } = setUp(run(state))
    for (const [id, can] of Object.entries(expected)) expect(enabled(id as ActionId), id).toBe(can)
  })

  test('after a crash there is nothing to step, and to export what the page has kept', () => {
    const { enabled } = setUp({ ...run('stopped'), crashed: true })
    expect([enabled('step'), enabled('export'), enabled('train')]).toEqual([false, false, true])
    expect(setUp({ ...run('stopped'), crashed: true, keptStep: 0 }).enabled('export')).toBe(true)
  })

  test('change what the pictures show', () => {
    const { actions, session } = setUp(run('paused'))
    const before = session.getState().view
    actions.masks.run()
    expect(session.getState().view.maskSeed).toBe(before.maskSeed + 1)
    actions.tab.run()
    expect(session.getState().view.tab).toBe('attention')
    actions.reshuffle.run()
    expect(session.getState().view.samples).not.toEqual(before.samples)
  })
})

describe('keys', () => {
  const press = (key: string, others: Partial<KeyPress> = {}): KeyPress => ({
    key,
    ctrlKey: false,
    metaKey: false,
    altKey: false,
    repeat: false,
    defaultPrevented: false,
    focus: 'free',
    ...others,
  })

  test('find their action, in capitals too', () => {
    const { actions, session } = setUp(run('paused'))
    const found = (key: string, others?: Partial<KeyPress>) =>
      actionFor(press(key, others), actions, session.getState())?.id
    expect([found(' '), found('s'), found('S'), found('?'), found('q')]).toEqual([
      'train',
      'step',
      'step',
      'help',
      undefined,
    ])
  })

  test('do nothing that cannot be done now', () => {
    const { actions, session } = setUp(run('training'))
    expect(actionFor(press('s'), actions, session.getState())).toBeNull()
  })

  test.each([
    ['in a field', 's', { focus: 'text' }],
    ['with Control', 's', { ctrlKey: true }],
    ['with Command', 's', { metaKey: true }],
    ['with Alt', 's', { altKey: true }],
    ['held down', 's', { repeat: true }],
    ['used already', 's', { defaultPrevented: true }],
    ['Space on a button, which is its own', ' ', { focus: 'button' }],
  ] as const)('mean nothing %s', (_, key, others) => {
    const { actions, session } = setUp(run('paused'))
    expect(actionFor(press(key, others), actions, session.getState())).toBeNull()
  })

  test('other than Space work on a button', () => {
    const { actions, session } = setUp(run('paused'))
    expect(actionFor(press('s', { focus: 'button' }), actions, session.getState())?.id).toBe('step')
  })
})
