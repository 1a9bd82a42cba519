import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest'
import type { EvaluationRecord, EvaluationResult } from '../results.ts'
import { PAUSE_SECONDS } from './snapshots.ts'
import { setUp, summaryOf } from './testing/page.ts'
import {
  curvePoint,
  knnResult,
  linearResult,
  neighboursResult,
  recordAt,
} from './testing/records.ts'

function setUpRun(step = 0) {
  const page = setUp()
  const { client, session, worker, build } = page
  client.start()
  build(step)
  const state = () => session.getState().evaluations
  const runId = () => session.getState().runId
  const find = (record: EvaluationRecord<EvaluationResult>) =>
    worker().say({ type: 'evaluated', runId: runId(), record })
  return { ...page, state, runId, find }
}

beforeEach(() => {
  vi.useFakeTimers()
})
afterEach(() => {
  vi.useRealTimers()
})

const knn = { kind: 'knn' } as const
const linear = { kind: 'linear', representation: 'patches' } as const
const progress = { stage: 'Probe', done: 1, total: 10 }

describe('an evaluation', () => {
  test('is asked for, followed and found', () => {
    const { client, worker, state, runId, find } = setUpRun()
    client.evaluate(linear)
    expect(worker().of('evaluate')).toEqual([{ type: 'evaluate', runId: runId(), request: linear }])
    expect(state().progress.linear).toBe('waiting')
    const point = { curve: 'probe', ...curvePoint(1) } as const
    const came = { type: 'evaluating', runId: runId(), kind: 'linear' } as const
    worker().say({ ...came, progress: { ...progress, point } })
    expect(state().progress.linear).toMatchObject(progress)
    expect(state().curves.linear?.probe).toEqual([curvePoint(1)])
    const record = recordAt(0, linearResult())
    find(record)
    worker().say({ ...came, progress: null })
    expect(state().progress).toEqual({})
    expect(state().kept).toEqual([record])
  })

  test('is cancelled by its kind', () => {
    const { client, worker, runId } = setUpRun()
    client.cancelEvaluation('linear')
    expect(worker().of('cancel')).toEqual([{ type: 'cancel', runId: runId(), kind: 'linear' }])
  })

  test('of a run that is gone is not heard', () => {
    const { client, worker, state, runId, build } = setUpRun()
    const old = runId()
    client.start()
    build()
    worker().say({ type: 'evaluated', runId: old, record: recordAt(1, knnResult(40)) })
    worker().say({ type: 'evaluating', runId: old, kind: 'knn', progress })
    expect(state().kept).toEqual([])
    expect(state().progress).toEqual({})
  })
})

describe('results', () => {
  test('are remembered for comparison when another run begins', () => {
    const { client, session, state, find } = setUpRun(7)
    const record = recordAt(7, knnResult(40))
    find(record)
    const { runId, running } = session.getState()
    client.start()
    expect(state().kept).toEqual([])
    expect(state().compared).toEqual([{ runId, ...running, step: 7, records: [record] }])
  })

  test('survive a crash of the worker up to the step at which the run is taken up', () => {
    const page = setUpRun(5)
    const { client, worker, state, find, status, build, checkpoint, runId } = page
    client.exportCheckpoint()
    checkpoint('a.safetensors', 5)
    const [early, late] = [recordAt(5, linearResult()), recordAt(6, knnResult(40))]
    find(early)
    status('training', 6)
    find(late)
    client.evaluate(knn)
    worker().die('boom')
    expect(state().kept).toEqual([early, late])
    expect(state().progress).toEqual({})
    client.evaluate(knn)
    client.cancelEvaluation('knn')
    expect(state().progress).toEqual({})
    client.revive()
    worker().say({ type: 'peeked', summary: summaryOf(page, 5) })
    build(5)
    worker().say({ type: 'evaluations', runId: runId(), records: [] })
    expect(state().kept).toEqual([early])
    expect(state().compared).toEqual([])
  })

  test('go back with the run when the GPU was lost', () => {
    const { worker, state, find, runId } = setUpRun(9)
    const records = [3, 6, 9].map((step) => recordAt(step, knnResult(step)))
    for (const record of records) find(record)
    worker().say({ type: 'recovered', runId: runId(), step: 6, repeated: 3, changes: [] })
    worker().say({ type: 'evaluations', runId: runId(), records: records.slice(0, 2) })
    expect(state().kept).toEqual(records.slice(0, 2))
  })

  test('that stay with the run are in the snapshot of a paused run; those of a moment ask for none', () => {
    const { worker, find, status } = setUpRun(5)
    vi.advanceTimersByTime(PAUSE_SECONDS * 1000)
    const asked = worker().of('export').length
    find(recordAt(5, neighboursResult))
    vi.advanceTimersByTime(PAUSE_SECONDS * 1000)
    expect(worker().of('export')).toHaveLength(asked)
    find(recordAt(5, linearResult()))
    vi.advanceTimersByTime(PAUSE_SECONDS * 1000)
    expect(worker().of('export')).toHaveLength(asked + 1)
    status('training', 6)
    find(recordAt(6, linearResult()))
    vi.advanceTimersByTime(PAUSE_SECONDS * 1000)
    expect(worker().of('export')).toHaveLength(asked + 1)
  })
})

describe('thumbnails', () => {
  const image = { split: 'test', index: 3 } as const

  test('are asked of the worker and kept', () => {
    const { client, worker } = setUpRun()
    client.requestThumbnails([image])
    vi.advanceTimersByTime(1)
    expect(worker().of('thumbnails')).toEqual([{ type: 'thumbnails', images: [image] }])
    const pixels = new Uint8ClampedArray(32 * 32 * 4).fill(9)
    worker().say({ type: 'thumbnails', images: [image], labels: [8], pixels })
    expect(client.thumbnails.get(image)).toEqual({ pixels, label: 8 })
  })

  test('are not asked of a worker that is gone, and asked again when the run is there again', () => {
    const { client, workers, worker, build } = setUpRun()
    worker().die('boom')
    client.thumbnails.watch(image, () => undefined)
    vi.advanceTimersByTime(1)
    expect(workers).toHaveLength(1)
    client.start()
    build()
    vi.advanceTimersByTime(1)
    expect(worker().of('thumbnails')).toEqual([{ type: 'thumbnails', images: [image] }])
  })
})
