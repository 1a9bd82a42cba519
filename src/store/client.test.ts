import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest'
import type { Fault } from '../errors.ts'
import type { CheckpointSummary } from '../protocol.ts'
import { presetValues } from '../settings/selection.ts'
import { isGoing } from './actions.ts'
import { methodOf, needsRestart } from './form.ts'
import { Series } from './series.ts'
import { PAUSE_SECONDS, SNAPSHOT_SECONDS } from './snapshots.ts'
import { setUp } from './testing/page.ts'
import { SILENCE_SECONDS } from './workerLink.ts'

const fault = (code: Fault['code']): Fault => ({ code, what: code, kept: 'kept', todo: 'todo' })

const summaryOf = (page: ReturnType<typeof setUp>, step: number): CheckpointSummary => ({
  fileName: 'a.safetensors',
  bytes: 8,
  method: page.session.getState().method,
  step,
  epoch: 1,
  seconds: 1,
  parameters: 42,
  adapter: 'Test',
  savedAt: '2026-01-01T00:00:00Z',
  settings: page.session.getState().wanted,
  history: JSON.stringify(page.series),
})

const row = (step: number) => ({
  columns: ['step', 'epoch', 'seconds', 'loss'],
  rows: [Float64Array.of(step, 0, 0, 1 / step)],
})

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

describe('checkpoints', () => {
  test('are downloaded when the person asks, and then count as saved', () => {
    const { client, session, downloads, build, status, checkpoint } = setUp()
    client.start()
    build()
    status('training', 11)
    client.exportCheckpoint()
    status('paused', 12)
    checkpoint('mine.safetensors', 12)
    expect(downloads).toEqual(['mine.safetensors'])
    expect(session.getState().savedStep).toBe(12)
    // One that the page itself asked for is no download.
    vi.advanceTimersByTime(PAUSE_SECONDS * 1000)
    checkpoint('another.safetensors')
    expect(downloads).toHaveLength(1)
  })

  test('are kept in memory at a pause and now and then while training', () => {
    const { client, worker, build, status } = setUp()
    client.start()
    build()
    status('training', 1)
    vi.advanceTimersByTime(2 * SNAPSHOT_SECONDS * 1000 + 500)
    expect(worker().of('export')).toHaveLength(2)
    status('paused', 900)
    vi.advanceTimersByTime((PAUSE_SECONDS + 1) * 1000)
    expect(worker().of('export')).toHaveLength(3)
    vi.advanceTimersByTime(10 * SNAPSHOT_SECONDS * 1000)
    expect(worker().of('export')).toHaveLength(3)
  })

  test('are not made at every single step', () => {
    const { client, worker, build, status } = setUp()
    client.start()
    build()
    for (let step = 1; step <= 5; step++) {
      status('training', step)
      status('paused', step)
      vi.advanceTimersByTime(500)
    }
    expect(worker().of('export')).toHaveLength(1)
    vi.advanceTimersByTime(PAUSE_SECONDS * 1000)
    expect(worker().of('export')).toHaveLength(2)
  })

  test('carry the charts', () => {
    const { client, worker, build } = setUp()
    client.start()
    build()
    worker().say({ type: 'metrics', runId: 1, batch: row(1) })
    client.exportCheckpoint()
    const restored = new Series()
    expect(restored.restore(worker().of('export')[0]!.history)).toBe(true)
    expect(restored.length).toBe(1)
  })

  test('from a file replace the run only after a yes, with their own settings and charts', async () => {
    const page = setUp()
    const { client, session, series, worker, build, status } = page
    client.start()
    build()
    worker().say({ type: 'metrics', runId: 1, batch: row(1) })
    const summary = summaryOf(page, 1)
    await client.peek(new File(['x'], 'a.safetensors'))
    expect(session.getState().reading).toBe(true)
    worker().say({ type: 'peeked', summary })
    expect(session.getState()).toMatchObject({ reading: false, peeked: summary, runId: 1 })
    expect(worker().of('accept')).toEqual([])

    client.accept()
    expect(worker().of('accept')).toEqual([{ type: 'accept', runId: 2 }])
    expect(series.length).toBe(1)
    const values = { ...summary.settings, ...methodOf('a2mim').presets.tiny!.values, seed: 9 }
    worker().say({ type: 'settings', runId: 2, method: 'a2mim', values })
    status('paused', 1)
    expect(session.getState()).toMatchObject({ wanted: values, preset: 'tiny', savedStep: 1 })
    vi.advanceTimersByTime(1000)
    expect(worker().of('change')).toEqual([])
  })

  test('that are refused change nothing', async () => {
    const { client, session, worker, build } = setUp()
    client.start()
    build()
    const before = session.getState()
    await client.peek(new File(['x'], 'a.txt'))
    worker().say({ type: 'refused', fault: fault('file-rejected') })
    const { refused, peeked, reading, run, wanted } = session.getState()
    expect(refused?.code).toBe('file-rejected')
    expect({ peeked, reading, run, wanted }).toEqual({
      peeked: null,
      reading: false,
      run: before.run,
      wanted: before.wanted,
    })
  })
})

describe('a worker that crashes', () => {
  const crashAt = (keptStep: number, step: number) => {
    const page = setUp()
    page.client.start()
    page.build()
    page.status('training', keptStep)
    page.status('paused', keptStep)
    vi.advanceTimersByTime(1)
    // It may come when the run is further already.
    page.status('training', step)
    page.checkpoint('kept.safetensors', keptStep)
    page.worker().die('boom')
    return page
  }

  test('is reported with what is kept and lost', () => {
    const { session, workers } = crashAt(30, 42)
    const { faults, run, crashed } = session.getState()
    expect(workers[0]!.terminated).toBe(true)
    expect(crashed).toBe(true)
    expect(run.state).toBe('stopped')
    expect(faults).toMatchObject([
      { remedy: 'new-worker', fault: { code: 'worker-crashed', detail: 'boom' } },
    ])
    expect(faults[0]!.fault.kept).toContain('step 30')
    expect(faults[0]!.fault.kept).toContain('12 steps')
  })

  test('is replaced by a new one that goes on from the kept step', () => {
    const page = crashAt(30, 42)
    const { client, session, workers, worker, build } = page
    const summary = summaryOf(page, 30)
    client.revive()
    expect(workers).toHaveLength(2)
    expect(worker().of('peek')).toMatchObject([{ fileName: 'kept.safetensors' }])
    expect(session.getState().faults).toEqual([])
    worker().say({ type: 'peeked', summary })
    expect(session.getState().peeked).toBeNull()
    expect(worker().of('accept')).toEqual([{ type: 'accept', runId: 2 }])
    build(30)
    expect(session.getState()).toMatchObject({ crashed: false, savedStep: 0, run: { step: 30 } })
  })

  test('leaves the kept step to be exported', () => {
    const { client, session, downloads, workers } = crashAt(30, 42)
    expect(session.getState().keptStep).toBe(30)
    client.exportCheckpoint()
    expect(downloads).toEqual(['kept.safetensors'])
    expect(session.getState().savedStep).toBe(30)
    expect(workers).toHaveLength(1)
  })

  test('may crash again without losing the kept step', () => {
    const page = crashAt(30, 42)
    page.client.revive()
    page.worker().die('again')
    page.client.revive()
    const { bytes } = page.worker().of('peek')[0]!
    expect(page.workers).toHaveLength(3)
    expect(bytes.byteLength).toBe(8)
  })

  test('begins a new run when there was nothing to keep, or it cannot be read', () => {
    const fresh = setUp()
    fresh.client.start()
    fresh.worker().die('boom')
    fresh.client.revive()
    expect(fresh.worker().of('start')).toHaveLength(1)

    const page = crashAt(30, 42)
    page.client.revive()
    page.worker().say({ type: 'refused', fault: fault('file-rejected') })
    expect(page.worker().of('start')).toHaveLength(1)
    expect(page.session.getState().faults).toMatchObject([{ fault: { code: 'file-rejected' } }])
  })

  test('is replaced when the person just presses Train, and the run trains on', () => {
    const page = crashAt(30, 42)
    const summary = summaryOf(page, 30)
    page.client.train()
    page.worker().say({ type: 'peeked', summary })
    expect(page.worker().of('train')).toEqual([])
    page.build(30)
    expect(page.worker().of('train')).toEqual([{ type: 'train', runId: 2 }])
  })

  test('is not woken by a slider', () => {
    const { client, workers } = crashAt(30, 42)
    client.changeSetting('maskRatio', 0.9)
    client.changeView((view) => ({ ...view, maskSeed: 2 }))
    vi.advanceTimersByTime(1000)
    expect(workers).toHaveLength(1)
  })

  test('also when it cannot send its message', () => {
    const { client, session, worker } = setUp()
    client.start()
    worker().onmessageerror?.call(worker() as never, {} as MessageEvent)
    expect(session.getState().crashed).toBe(true)
  })

  test('after a crash nothing of it is heard', () => {
    const { session, workers } = crashAt(30, 42)
    const before = session.getState()
    workers[0]!.say({ type: 'fault', fault: fault('internal') })
    expect(session.getState()).toBe(before)
  })
})

describe('a GPU', () => {
  const lostAt = (step: number) => {
    const page = setUp()
    page.client.start()
    page.build()
    page.worker().say({
      type: 'metrics',
      runId: 1,
      batch: { ...row(1), rows: Array.from({ length: step }, (_, at) => row(at + 1).rows[0]!) },
    })
    page.status('training', step)
    const recovering = (goesOn: boolean) =>
      page.worker().say({
        type: 'status',
        runId: 1,
        ...page.session.getState().run,
        state: 'recovering',
        step,
        goesOn,
      })
    return { ...page, recovering }
  }

  test('that is lost is replaced by the worker; the page says so and takes the repeated rows back', () => {
    const { session, series, worker, status, recovering } = lostAt(20)
    const changes = [{ step: 3, key: 'maskRatio', from: 0.6, to: 0.7 }]
    for (const step of [3, 19])
      worker().say({ type: 'changed', runId: 1, ...changes[0]!, step, to: step === 3 ? 0.7 : 0.8 })
    recovering(true)
    expect(isGoing(session.getState())).toBe(true)
    worker().say({ type: 'recovered', runId: 1, step: 15, repeated: 5, changes })
    status('training', 15)
    expect(series.length).toBe(15)
    expect(series.marks).toEqual(changes)
    const { notices, faults } = session.getState()
    expect(faults).toEqual([])
    expect(notices).toMatchObject([{ lasting: true }])
    expect(notices[0]!.text).toContain('from step 15: 5 steps are repeated')
    // A second loss replaces what was said of the first.
    worker().say({ type: 'recovered', runId: 1, step: 16, repeated: 1, changes })
    expect(session.getState().notices).toHaveLength(1)
    expect(session.getState().notices[0]!.text).toContain('from step 16: 1 step is repeated')
  })

  test('that is lost can be told meanwhile whether the run goes on', () => {
    const { client, session, worker, recovering } = lostAt(20)
    recovering(true)
    client.pause()
    expect(worker().of('pause')).toHaveLength(1)
    recovering(false)
    expect(isGoing(session.getState())).toBe(false)
    client.train()
    expect(worker().of('train')).toHaveLength(1)
    expect(session.getState().trainWhenReady).toBe(false)
  })

  test('that could not be replaced is tried again by the same worker, which has the newest state', () => {
    const { client, session, workers, worker, status, checkpoint } = lostAt(20)
    worker().say({ type: 'fault', fault: fault('device-lost') })
    status('stopped', 20)
    expect(session.getState().faults).toMatchObject([{ remedy: 'retry-gpu' }])
    client.retryGpu()
    expect(worker().of('recover')).toEqual([{ type: 'recover', runId: 1 }])
    expect(session.getState().faults).toEqual([])
    client.train()
    expect(worker().of('train')).toEqual([{ type: 'train', runId: 1 }])
    client.exportCheckpoint()
    checkpoint('kept.safetensors', 15)
    expect(session.getState().savedStep).toBe(15)
    expect(workers).toHaveLength(1)
  })

  test('that never was is said in place of the panels; one that does not come back is a fault', () => {
    const first = setUp()
    first.client.start()
    first.worker().say({ type: 'fault', fault: fault('webgpu-missing') })
    expect(first.session.getState().unsupported?.code).toBe('webgpu-missing')

    const second = setUp()
    second.client.start()
    second.build()
    second.worker().say({ type: 'fault', fault: fault('webgpu-missing') })
    expect(second.session.getState().unsupported).toBeNull()
    expect(second.session.getState().faults).toMatchObject([{ remedy: 'retry-gpu' }])
  })

  test('that does not answer is said after a while, and no more once it does', () => {
    const { client, session, build } = setUp()
    client.start()
    vi.advanceTimersByTime(SILENCE_SECONDS * 1000)
    expect(session.getState().faults).toMatchObject([{ remedy: 'new-worker' }])
    build()
    expect(session.getState().faults).toEqual([])
    vi.advanceTimersByTime(10 * SILENCE_SECONDS * 1000)
    expect(session.getState().faults).toEqual([])
  })
})

describe('images', () => {
  test('that cannot be loaded are tried again, or taken from files', () => {
    const { client, session, worker, status } = setUp()
    client.start()
    worker().say({ type: 'fault', fault: fault('data-missing') })
    status('no-data')
    expect(session.getState().faults).toMatchObject([{ remedy: 'retry-data' }])
    client.retryData()
    expect(session.getState().faults).toEqual([])
    expect(worker().of('retry-data')).toHaveLength(1)
    const file = new File(['x'], 'data_batch_1.bin')
    client.dropFiles([file])
    expect(worker().of('files')).toEqual([{ type: 'files', files: [file] }])
  })

  test('that came from files take the word about missing ones off the page', () => {
    const { client, session, worker, status } = setUp()
    client.start()
    worker().say({ type: 'fault', fault: fault('data-missing') })
    status('no-data')
    client.dropFiles([new File(['x'], 'data_batch_1.bin')])
    status('loading')
    expect(session.getState().faults).toHaveLength(1)
    status('paused')
    expect(session.getState().faults).toEqual([])
  })

  test('show how far they have come until they are there', () => {
    const { client, session, worker, status } = setUp()
    client.start()
    status('loading')
    const progress = {
      images: 5,
      ofImages: 10,
      bytes: 1,
      ofBytes: 2,
      secondsLeft: 3,
      cached: false,
    }
    worker().say({ type: 'loading', ...progress })
    expect(session.getState().loading).toMatchObject(progress)
    status('paused')
    expect(session.getState().loading).toBeNull()
  })

  test('fewer than the samples shown give other samples', () => {
    const { client, session, worker, build } = setUp()
    client.start()
    session.setState(({ view }) => ({ view: { ...view, samples: [1, 49_999] } }))
    build()
    const { samples } = session.getState().view
    expect(samples[0]).toBe(1)
    expect(samples[1]).toBeLessThan(2000)
    expect(worker().of('pictures').at(-1)!.request.samples).toEqual(samples)
  })
})
