import { expect, test } from 'vitest'
import { Series } from '../series.ts'
import { knnResult, recordAt } from '../testing/records.ts'
import { collect, LOSS_POINTS, secondsOf } from './collect.ts'

const seriesOf = (rows: number): Series => {
  const series = new Series()
  series.append({
    columns: ['step', 'epoch', 'seconds', 'loss'],
    rows: Array.from({ length: rows }, (_, at) =>
      Float64Array.of(at + 1, 0, (at + 1) / 2, at % 2 === 0 ? 1 : 3),
    ),
  })
  return series
}

test('a run without steps has shown nothing', () => {
  const curves = collect(new Series(), [], 100)
  expect(curves).toMatchObject({ knn: [], loss: { steps: [] }, floors: null, testImages: null })
  expect(secondsOf(new Series())).toBe(0)
})

test('the loss is smooth, and short enough for a chart, and reaches to the last step', () => {
  const series = seriesOf(1500)
  const { loss } = collect(series, [], 1500)
  expect(loss.steps.length).toBeLessThanOrEqual(LOSS_POINTS)
  expect(loss.steps.at(-1)).toBe(1500)
  expect(loss.seconds.at(-1)).toBe(750)
  expect(secondsOf(series)).toBe(750)
  for (const value of loss.values.slice(20)) expect(Math.abs(value - 2)).toBeLessThan(0.05)
})

test('k-NN has a point a step: the one that was measured last', () => {
  const records = [
    recordAt(0, knnResult(10)),
    recordAt(5, knnResult(20)),
    recordAt(5, knnResult(21), 9),
  ]
  const { knn, floors, testImages } = collect(seriesOf(5), records, 10)
  expect(knn).toEqual([
    { step: 0, seconds: 0, scores: { patches: 10, class: 9 } },
    { step: 5, seconds: 0.5, scores: { patches: 21, class: 20 } },
  ])
  expect(floors).toEqual({ rawPixels: 37.2, randomInitOf: { patches: 30, class: 28 } })
  expect(testImages).toBe(2000)
})
