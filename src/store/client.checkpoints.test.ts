import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest'
import { methodOf } from './form.ts'
import { Series } from './series.ts'
import { PAUSE_SECONDS, SNAPSHOT_SECONDS } from './snapshots.ts'
import { fault, row, setUp, summaryOf } from './testing/page.ts'

beforeEach(() => {
  vi.useFakeTimers()
})
afterEach(() => {
  vi.useRealTimers()
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
