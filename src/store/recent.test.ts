import { expect, test } from 'vitest'
import { recentOf } from './recent.ts'
import { Series } from './series.ts'

const seriesOf = (losses: readonly number[]): Series => {
  const series = new Series()
  series.append({
    columns: ['step', 'epoch', 'seconds', 'loss', 'other'],
    rows: losses.map((loss, at) => Float64Array.of(at + 1, 0, 0, loss, 7)),
  })
  return series
}

test('an empty series has no values', () => {
  expect(recentOf(new Series())).toEqual({ step: 0, values: {} })
})

test('every metric is averaged, the newest steps most', () => {
  const rising = [...Array<number>(100).fill(0), ...Array<number>(20).fill(1)]
  const { step, values } = recentOf(seriesOf(rising))
  expect(step).toBe(120)
  expect(values.other).toBeCloseTo(7, 9)
  // Half the weight lies in the last 20 steps.
  expect(values.loss).toBeCloseTo(0.5, 1)
})

test('what is not finite now has no value', () => {
  expect(recentOf(seriesOf([1, NaN])).values).toEqual({ other: 7 })
})
