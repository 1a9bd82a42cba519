import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest'
import { isGoing } from './actions.ts'
import { fault, row, setUp } from './testing/page.ts'
import { SILENCE_SECONDS } from './workerLink.ts'

beforeEach(() => {
  vi.useFakeTimers()
})
afterEach(() => {
  vi.useRealTimers()
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
