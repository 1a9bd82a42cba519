import { describe, expect, test } from 'vitest'
import {
  between,
  bestOf,
  curveOf,
  meanOf,
  peakOf,
  variantCurve,
  type CurvePoint,
} from './curves.ts'
import { noCurves, type RunRecord } from './model.ts'
import { begun } from './outcomes.ts'

const run = (change: Partial<RunRecord> = {}): RunRecord => ({
  ...begun({ variant: 'a', repeat: 0 }, { batchSize: 16 }),
  curves: {
    ...noCurves,
    knn: [
      { step: 0, seconds: 0, scores: { class: 10 } },
      { step: 10, seconds: 4, scores: { class: 30, mean: 20 } },
    ],
    loss: { steps: [1, 2], seconds: [0.5, 0.7], values: [2, 1] },
  },
  ...change,
})

const curve = (...pairs: readonly (readonly [number, number])[]): readonly CurvePoint[] =>
  pairs.map(([step, value]) => ({ step, x: step, value, low: value, high: value }))

const places = (points: readonly CurvePoint[]) => points.map(({ x, value }) => [x, value])

describe('the curve of a run', () => {
  test('by steps, images and seconds', () => {
    const knn = { kind: 'knn', representation: 'class' } as const
    expect(places(curveOf(run(), knn, 'step'))).toEqual([
      [0, 10],
      [10, 30],
    ])
    expect(places(curveOf(run(), knn, 'images'))).toEqual([
      [0, 10],
      [160, 30],
    ])
    expect(places(curveOf(run(), knn, 'seconds'))).toEqual([
      [0, 10],
      [4, 30],
    ])
    expect(places(curveOf(run(), { kind: 'loss' }, 'seconds'))).toEqual([
      [0.5, 2],
      [0.7, 1],
    ])
  })

  test('has points where the representation was measured', () => {
    const points = curveOf(run(), { kind: 'knn', representation: 'mean' }, 'step')
    expect(places(points)).toEqual([[10, 20]])
  })
})

describe('several seeds', () => {
  test('have mean and range, as far as all of them reach', () => {
    const mean = meanOf([curve([0, 10], [10, 30], [20, 50]), curve([0, 20], [10, 20])])
    expect(mean).toEqual([
      { step: 0, x: 0, value: 15, low: 10, high: 20 },
      { step: 10, x: 10, value: 25, low: 20, high: 30 },
    ])
  })

  test('meet between their points', () => {
    const mean = meanOf([curve([0, 0], [10, 10]), curve([0, 4], [5, 4], [10, 4])])
    expect(mean[1]).toEqual({ step: 5, x: 5, value: 4.5, low: 4, high: 5 })
  })

  test('count once they are done; until then the first one stands for its variant', () => {
    const loss = { kind: 'loss' } as const
    const curves = { ...noCurves, loss: { steps: [1, 2], seconds: [1, 1], values: [4, 3] } }
    const runs = [
      run({ outcome: 'done' }),
      run({ outcome: 'running', repeat: 1, curves }),
      run({ outcome: 'done', variant: 'b' }),
    ]
    expect(variantCurve({ runs }, 'a', loss, 'step').map(({ value }) => value)).toEqual([2, 1])
    const done = runs.map((each) => ({ ...each, outcome: 'done' as const }))
    const both = variantCurve({ runs: done }, 'a', loss, 'step')
    expect(both.map(({ value, low, high }) => [value, low, high])).toEqual([
      [3, 2, 4],
      [2, 1, 3],
    ])
    expect(variantCurve({ runs }, 'c', loss, 'step')).toEqual([])
  })
})

test('a place outside a curve has no value', () => {
  const points = curve([2, 1], [4, 3])
  expect(between(points, 'x', 1)).toBeNull()
  expect(between(points, 'x', 5)).toBeNull()
  expect(between(points, 'x', 3)).toMatchObject({ value: 2, step: 3 })
  expect(between(points, 'x', 4)).toMatchObject({ value: 3 })
})

describe('a peak', () => {
  test('is where k-NN was best before it clearly fell', () => {
    const points = curve([0, 30], [10, 53], [20, 51], [30, 48])
    expect(peakOf(points, 2000)).toMatchObject({ at: { step: 10 }, last: { step: 30 }, fall: 5 })
  })

  test('is none where the fall is within the error of the measurement', () => {
    // Twice the standard error of 53 % is 2.2 points with 2,000 images, and 10 with 100.
    expect(peakOf(curve([0, 30], [10, 53], [20, 52], [30, 51]), 2000)).toBeNull()
    expect(peakOf(curve([0, 30], [10, 53], [20, 51], [30, 48]), 100)).toBeNull()
  })

  test('is none where a single measurement follows, or none', () => {
    expect(peakOf(curve([0, 30], [10, 53], [20, 40]), 2000)).toBeNull()
    expect(peakOf(curve([0, 30], [10, 53]), 2000)).toBeNull()
    expect(peakOf([], 2000)).toBeNull()
  })
})

test('the best of equal points is the first', () => {
  expect(bestOf(curve([0, 1], [1, 5], [2, 5]))).toMatchObject({ step: 1 })
  expect(bestOf([])).toBeUndefined()
})
