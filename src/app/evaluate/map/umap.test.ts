import { expect, test, vi } from 'vitest'
import type { RecordOf } from '../../../store/evaluations.ts'
import { SteadyMaps } from './steady.ts'
import { Umap, type LayoutWorker } from './umap.ts'
import type { LayoutEvent } from './umapWorker.ts'

function recordOf(step: number, points: readonly number[]): RecordOf<'map'> {
  const count = points.length / 2
  return {
    step,
    epoch: 0,
    seconds: 0,
    took: 1,
    seed: 9,
    adapter: 'none',
    settings: {},
    result: {
      kind: 'map',
      representation: 'mean',
      count,
      labels: new Uint8Array(count),
      points: Float32Array.from(points),
      explained: [0.5, 0.2],
      components: new Float32Array(count * 3),
      dimensions: 3,
    },
  }
}

const square = [1, 1, -1, 1, -1, -1, 1, -1.5]

function desk() {
  const workers: LayoutWorker[] = []
  const umap = new Umap(() => {
    const worker: LayoutWorker = {
      postMessage: vi.fn(),
      terminate: vi.fn(),
      onmessage: null,
      onerror: null,
    }
    workers.push(worker)
    return worker
  })
  const say = (event: LayoutEvent): void => {
    workers.at(-1)!.onmessage?.call({} as Worker, new MessageEvent('message', { data: event }))
  }
  return { umap, workers, say, state: umap.store.getState }
}

test('points are shown while they move, and stay when all is done', () => {
  const { umap, workers, say, state } = desk()
  const record = recordOf(10, square)
  umap.start(record, 1, record.result.points)
  expect(state()).toMatchObject({ record, runId: 1, state: 'running', points: null })
  expect(workers[0]!.postMessage).toHaveBeenCalledWith({
    features: {
      components: record.result.components,
      count: 4,
      dimensions: 3,
      points: record.result.points,
    },
    seed: 9,
  })
  say({ type: 'progress', progress: { stage: 'neighbours', done: 2, total: 4, points: null } })
  expect(state().progress).toEqual({ stage: 'neighbours', done: 2, total: 4 })
  expect(state().points).toBeNull()
  // Mirrored against what was shown: turned back.
  const mirrored = record.result.points.map((value, at) => (at % 2 === 0 ? -value : value))
  say({ type: 'progress', progress: { stage: 'layout', done: 1, total: 3, points: mirrored } })
  const [x0, , x1] = state().points!
  expect(x0).toBeGreaterThan(0)
  expect(x1).toBeLessThan(0)
  say({ type: 'done', points: mirrored })
  expect(state()).toMatchObject({ state: 'done', progress: null })
  expect(workers[0]!.terminate).toHaveBeenCalledOnce()
})

test('a layout can be stopped, and says nothing afterwards', () => {
  const { umap, workers, say, state } = desk()
  const record = recordOf(10, square)
  umap.start(record, 1, record.result.points)
  umap.cancel()
  expect(state()).toMatchObject({ state: 'none', progress: null })
  umap.start(record, 1, record.result.points)
  say({
    type: 'progress',
    progress: { stage: 'layout', done: 1, total: 3, points: record.result.points },
  })
  const { points } = state()
  umap.cancel()
  expect(workers).toHaveLength(2)
  for (const { terminate, onmessage } of workers) {
    expect(terminate).toHaveBeenCalledOnce()
    expect(onmessage).toBeNull()
  }
  expect(state()).toMatchObject({ state: 'stopped', points, progress: null })
  umap.clear()
  expect(state()).toMatchObject({ state: 'none', record: null, points: null })
})

test('a layout that fails says why', () => {
  const { umap, workers, state } = desk()
  umap.start(recordOf(10, square), 1, Float32Array.from(square))
  const event = { preventDefault: vi.fn(), message: 'out of memory' } as unknown as ErrorEvent
  workers[0]!.onerror?.call({} as Worker, event)
  expect(state()).toMatchObject({ state: 'failed', detail: 'out of memory', progress: null })
})

test('a layout whose worker cannot be loaded fails without words', () => {
  const { umap, workers, state } = desk()
  umap.start(recordOf(10, square), 1, Float32Array.from(square))
  workers[0]!.onerror?.call({} as Worker, new Event('error') as ErrorEvent)
  expect(state()).toMatchObject({ state: 'failed', detail: '' })
})

test('the next map of the same run is turned towards the one before; that of another run is not', () => {
  const maps = new SteadyMaps()
  const first = recordOf(10, square)
  const shown = maps.pointsOf(first, 1)
  expect(maps.pointsOf(first, 1)).toBe(shown)
  const turned = recordOf(
    20,
    square.map((_, at) => (at % 2 === 0 ? -square[at + 1]! : square[at - 1]!)),
  )
  const steady = maps.pointsOf(turned, 1)
  steady.forEach((value, at) => expect(value).toBeCloseTo(shown[at]!, 5))
  const other = maps.pointsOf(recordOf(20, [...turned.result.points]), 2)
  expect(other[0]).toBeLessThan(-0.5)
})
