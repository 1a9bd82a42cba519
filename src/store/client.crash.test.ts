import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest'
import { fault, setUp, summaryOf } from './testing/page.ts'

beforeEach(() => {
  vi.useFakeTimers()
})
afterEach(() => {
  vi.useRealTimers()
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
