import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest'
import { presetValues } from '../settings/selection.ts'
import { methodOf, needsRestart } from './form.ts'
import { fault, row, setUp } from './testing/page.ts'

beforeEach(() => {
  vi.useFakeTimers()
})
afterEach(() => {
  vi.useRealTimers()
})

describe('a run', () => {
  test('starts with the form and the pictures wanted', () => {
    const { client, session, worker } = setUp()
    client.start()
    const { method, wanted, view } = session.getState()
    expect(worker().commands).toEqual([
      { type: 'start', runId: 1, method, settings: wanted },
      {
        type: 'pictures',
        runId: 1,
        request: { samples: view.samples, maskSeed: 1, attentionSample: null, tokens: false },
        perSecond: 2,
      },
    ])
  })

  test('shows what the worker says of it, and nothing of an earlier run', () => {
    const { client, session, series, worker, build, status } = setUp()
    client.start()
    build()
    client.start()
    build()
    worker().say({ type: 'metrics', runId: 1, batch: row(1) })
    expect(series.length).toBe(0)
    worker().say({ type: 'metrics', runId: 2, batch: row(1) })
    expect(series.length).toBe(1)
    status('training', 3)
    expect(session.getState().run).toMatchObject({ state: 'training', step: 3, images: 2000 })
    expect(session.getState().adapter?.name).toBe('Test')
  })

  test('asked to train while it is loading trains as soon as it can', () => {
    const { client, session, worker, build } = setUp()
    client.start()
    client.train()
    expect(session.getState().trainWhenReady).toBe(true)
    expect(worker().of('train')).toEqual([])
    build()
    expect(worker().of('train')).toEqual([{ type: 'train', runId: 1 }])
    expect(session.getState().trainWhenReady).toBe(false)
  })

  test('does not train by itself when that was taken back', () => {
    const { client, worker, build } = setUp()
    client.start()
    client.train()
    client.pause()
    build()
    expect(worker().of('train')).toEqual([])
  })

  test('that has not begun takes over settings that wait for a restart when it is trained', () => {
    const { client, worker, build } = setUp()
    client.start()
    build()
    client.changeSetting('batchSize', 64)
    client.train()
    expect(worker().of('start').at(-1)).toMatchObject({ runId: 2, settings: { batchSize: 64 } })
    build()
    expect(worker().of('train')).toEqual([{ type: 'train', runId: 2 }])
  })

  test('that has begun keeps its settings when it is trained on', () => {
    const { client, worker, build, status } = setUp()
    client.start()
    build()
    status('paused', 5)
    client.changeSetting('batchSize', 64)
    client.train()
    expect(worker().of('start')).toHaveLength(1)
    expect(worker().of('train')).toHaveLength(1)
  })

  test('that could not be built is built anew when it is trained', () => {
    const { client, session, worker } = setUp()
    client.start()
    worker().say({ type: 'fault', fault: fault('internal') })
    session.setState(({ run }) => ({ run: { ...run, state: 'stopped' } }))
    client.train()
    expect(worker().of('start')).toHaveLength(2)
    expect(session.getState().faults).toEqual([])
  })

  test('that has diverged goes on from where it was kept', () => {
    const { client, session, worker, build, status } = setUp()
    client.start()
    build()
    status('stopped', 40)
    worker().say({ type: 'fault', fault: fault('diverged') })
    expect(session.getState().faults).toMatchObject([{ remedy: null }])
    client.train()
    expect(worker().of('train')).toEqual([{ type: 'train', runId: 1 }])
  })
})

describe('live settings', () => {
  test('go to the worker together, a moment later; others do not', () => {
    const { client, session, worker, build } = setUp()
    client.start()
    build()
    client.changeSetting('maskRatio', 0.7)
    client.changeSetting('maskRatio', 0.75)
    client.changeSetting('learningRate', 1e-4)
    client.changeSetting('batchSize', 64)
    vi.advanceTimersByTime(1000)
    expect(worker().of('change')).toEqual([
      { type: 'change', runId: 1, values: { maskRatio: 0.75, learningRate: 1e-4 } },
    ])
    expect(session.getState().wanted).toMatchObject({ maskRatio: 0.75, batchSize: 64 })
  })

  test('changed while the run is being built follow it', () => {
    const { client, session, worker, status } = setUp()
    client.start()
    const built = session.getState().wanted
    client.changeSetting('maskRatio', 0.3)
    vi.advanceTimersByTime(1000)
    expect(worker().of('change')).toEqual([])
    const { method } = session.getState()
    worker().say({ type: 'settings', runId: 1, method, values: built })
    status('paused')
    vi.advanceTimersByTime(1000)
    expect(worker().of('change')).toMatchObject([{ values: { maskRatio: 0.3 } }])
  })

  test('that took effect are marked in the charts and known as running', () => {
    const { client, session, series, worker, build } = setUp()
    client.start()
    build()
    const change = { step: 7, key: 'maskRatio', from: 0.6, to: 0.75 }
    worker().say({ type: 'changed', runId: 1, ...change })
    expect(series.marks).toEqual([change])
    expect(session.getState().running?.values.maskRatio).toBe(0.75)
  })

  test('of a preset are chosen all at once', () => {
    const { client, session, worker, build } = setUp()
    client.start()
    build()
    client.changeSetting('maskRatio', 0.3)
    client.choose('a2mim', 'tiny')
    vi.advanceTimersByTime(1000)
    const { preset, wanted } = session.getState()
    expect(preset).toBe('tiny')
    expect(wanted).toMatchObject({ ...methodOf('a2mim').presets.tiny!.values, maskRatio: 0.6 })
    expect(worker().of('change').at(-1)!.values).toMatchObject({ maskRatio: 0.6 })
  })
})

describe('another method', () => {
  test('is chosen with its default preset, and the run goes on', () => {
    const { client, session, worker, build, status } = setUp()
    client.start()
    build()
    status('training', 5)
    client.chooseMethod('extrema')
    vi.advanceTimersByTime(1000)
    const { method, preset, wanted, run } = session.getState()
    expect({ method, preset }).toEqual({ method: 'extrema', preset: 'small' })
    expect(wanted).toEqual(presetValues(methodOf('extrema'), 'small'))
    expect(run.step).toBe(5)
    expect(needsRestart(session.getState())).toBe(true)
    expect(worker().of('change')).toEqual([])
    expect(worker().of('start')).toHaveLength(1)
  })

  test('leaves the form of the first one as it was', () => {
    const { client, session } = setUp()
    client.choose('a2mim', 'tiny')
    client.changeSetting('maskRatio', 0.3)
    const { wanted } = session.getState()
    client.chooseMethod('extrema')
    client.changeSetting('maskRatio', 0.9)
    client.chooseMethod('a2mim')
    expect(session.getState()).toMatchObject({ method: 'a2mim', preset: 'tiny', wanted })
    client.chooseMethod('extrema')
    expect(session.getState().wanted.maskRatio).toBe(0.9)
  })

  test('is as the run has it when the form never showed it', () => {
    const { client, session, build } = setUp()
    client.choose('extrema', 'tiny')
    client.changeSetting('seed', 9)
    client.start()
    build()
    session.setState({ method: 'a2mim', preset: 'small', wanted: {} })
    client.chooseMethod('extrema')
    expect(session.getState()).toMatchObject({ preset: 'tiny', wanted: { seed: 9 } })
  })
})
