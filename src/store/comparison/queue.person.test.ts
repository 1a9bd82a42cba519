import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest'
import { isGoing } from '../actions.ts'
import { fault } from '../testing/page.ts'
import { begin, compareDesk, settled, summary } from './testing/desk.ts'

beforeEach(() => {
  vi.useFakeTimers()
})
afterEach(() => {
  vi.useRealTimers()
})

describe('the person', () => {
  test('pauses and goes on, with the keys of a run', async () => {
    const desk = compareDesk()
    await begin(desk)
    desk.build()
    await settled()
    desk.status('training', 1)
    await settled()
    expect(isGoing(desk.session.getState())).toBe(true)
    desk.client.pause()
    desk.status('paused', 4)
    await settled()
    expect(desk.session.getState().driving).toMatchObject({ paused: true })
    expect(isGoing(desk.session.getState())).toBe(false)
    expect(desk.worker().of('train')).toHaveLength(1)
    desk.client.train()
    await settled()
    expect(desk.worker().of('train').at(-1)).toMatchObject({ until: 20 })
    expect(desk.worker().of('train')).toHaveLength(2)
  })

  test('a pause between two runs keeps the next one from beginning', async () => {
    const desk = compareDesk()
    await begin(desk)
    desk.build()
    await settled()
    desk.status('training', 1)
    desk.status('paused', 20)
    await settled()
    desk.queue.pause()
    desk.knn(20, 40)
    await settled()
    expect(desk.outcomes()).toEqual(['done'])
    expect(desk.store.getState().status).toMatchObject({ phase: 'waiting', run: null })
    desk.queue.goOn()
    expect(desk.outcomes()).toEqual(['done', 'running'])
  })

  test('skips a run: its curves up to there are kept', async () => {
    const desk = compareDesk()
    await begin(desk)
    desk.build()
    await settled()
    desk.status('training', 1)
    desk.steps(1, 2)
    desk.status('training', 2)
    await settled()
    desk.queue.skip()
    expect(desk.outcomes()).toEqual(['skipped', 'running'])
    expect(desk.now().runs[0]!.curves.loss.steps).toEqual([1, 2])
  })

  test('stops after the run in hand', async () => {
    const desk = compareDesk()
    await begin(desk)
    desk.queue.stopAfterThis(true)
    await desk.runThrough(40)
    expect(desk.outcomes()).toEqual(['done'])
    expect(desk.store.getState().status).toBeNull()
    // What waits can be run later.
    await begin(desk)
    await desk.runThrough(41)
    expect(desk.outcomes()).toEqual(['done', 'done'])
  })

  test('stops at once: the run in hand is marked as interrupted', async () => {
    const desk = compareDesk()
    await begin(desk)
    desk.build()
    await settled()
    desk.queue.stop()
    await settled()
    expect(desk.outcomes()).toEqual(['interrupted'])
    expect(desk.session.getState().driving).toBeNull()
  })

  test('is asked before taking over, and may leave it', async () => {
    const desk = compareDesk()
    await begin(desk)
    desk.build()
    await settled()
    desk.client.changeSetting('maskRatio', 0.1)
    expect(desk.session.getState()).toMatchObject({
      dialog: 'takeover',
      wanted: { maskRatio: 0.5 },
    })
    desk.client.wheel.leave()
    expect(desk.session.getState()).toMatchObject({ dialog: null, wanted: { maskRatio: 0.5 } })
    expect(desk.outcomes()).toEqual(['running'])
    const starts = desk.worker().of('start').length
    desk.client.start()
    expect(desk.worker().of('start')).toHaveLength(starts)
    expect(desk.session.getState().dialog).toBe('takeover')
  })

  test('takes over: the run in hand is theirs, and what they wanted is done', async () => {
    const desk = compareDesk()
    await begin(desk)
    desk.build()
    await settled()
    desk.client.changeSetting('maskRatio', 0.1)
    desk.client.wheel.takeOver()
    expect(desk.session.getState()).toMatchObject({
      dialog: null,
      driving: null,
      wanted: { maskRatio: 0.1 },
    })
    expect(desk.outcomes()).toEqual(['interrupted'])
    vi.advanceTimersByTime(100)
    expect(desk.worker().of('change').at(-1)).toMatchObject({ values: { maskRatio: 0.1 } })
    // Nobody drives any more.
    desk.status('paused', 3)
    await settled()
    expect(desk.worker().of('train')).toHaveLength(1)
    desk.client.train()
    expect(desk.worker().of('train').at(-1)).not.toHaveProperty('until')
  })
})

describe('the run of the person', () => {
  test('is kept before the first run begins, and comes back at the end', async () => {
    const desk = compareDesk()
    desk.client.start()
    desk.client.changeSetting('maskRatio', 0.3)
    desk.build(50)
    desk.status('training', 50)
    void desk.queue.start(desk.now().id)
    await settled()
    const starts = desk.worker().of('start').length
    expect(desk.worker().of('pause')).toHaveLength(1)
    expect(desk.worker().of('export')).toHaveLength(0)
    desk.status('paused', 51)
    await settled()
    expect(desk.worker().of('export')).toMatchObject([{ purpose: 'keep' }])
    expect(desk.worker().of('start')).toHaveLength(starts)
    desk.checkpoint('aside.safetensors')
    await settled()
    expect(desk.worker().of('start')).toHaveLength(starts + 1)
    expect(desk.store.getState().aside).toMatchObject({ snapshot: { step: 51 }, savedStep: 0 })
    desk.queue.stop()
    await settled()
    expect(desk.worker().of('peek')).toMatchObject([{ fileName: 'aside.safetensors' }])
    desk.worker().say({ type: 'peeked', summary: summary(desk, 51) })
    await settled()
    expect(desk.worker().of('accept')).toHaveLength(1)
    expect(desk.session.getState()).toMatchObject({
      driving: null,
      savedStep: 0,
      keptStep: 51,
      wanted: { maskRatio: 0.3 },
    })
    expect(desk.store.getState()).toMatchObject({ aside: null, status: null })
  })

  test('is no earlier run to compare evaluations with: it comes back', async () => {
    const desk = compareDesk()
    desk.client.start()
    desk.build(5)
    desk.knn(5, 40)
    void desk.queue.start(desk.now().id)
    await settled()
    desk.checkpoint('aside.safetensors')
    await settled()
    expect(desk.session.getState().evaluations.compared).toEqual([])
  })

  test('a comparison does not begin where it cannot be kept', async () => {
    const desk = compareDesk()
    desk.client.start()
    desk.build(50)
    const starts = desk.worker().of('start').length
    void desk.queue.start(desk.now().id)
    await settled()
    desk.worker().say({ type: 'fault', fault: fault('out-of-memory') })
    await settled()
    expect(desk.worker().of('start')).toHaveLength(starts)
    expect(desk.store.getState()).toMatchObject({ status: null, aside: null })
    expect(desk.session.getState().driving).toBeNull()
  })

  test('stays aside when the person takes over', async () => {
    const desk = compareDesk()
    desk.client.start()
    desk.build(50)
    void desk.queue.start(desk.now().id)
    await settled()
    desk.checkpoint('aside.safetensors')
    await settled()
    desk.client.wheel.takeOver()
    expect(desk.store.getState().aside).toMatchObject({ snapshot: { step: 50 } })
  })

  test('a snapshot that cannot be read back stays aside, and the page says so', async () => {
    const desk = compareDesk()
    desk.client.start()
    desk.build(50)
    void desk.queue.start(desk.now().id)
    await settled()
    desk.checkpoint('aside.safetensors')
    await settled()
    desk.queue.stop()
    await settled()
    desk.worker().say({ type: 'refused', fault: fault('file-rejected') })
    await settled()
    expect(desk.store.getState()).toMatchObject({ status: null, aside: { snapshot: { step: 50 } } })
    expect(desk.session.getState().faults).toMatchObject([{ fault: { code: 'file-rejected' } }])
    expect(desk.session.getState().driving).toBeNull()
  })
})
