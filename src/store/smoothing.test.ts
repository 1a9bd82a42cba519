import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { addValue, emptyMetric, mergeMetric } from './buckets.ts'
import { smooth } from './smoothing.ts'

function metricOf(values: readonly number[]) {
  const metric = emptyMetric()
  values.forEach((value, bucket) => addValue(metric, bucket, value))
  return metric
}

const values = fc.array(fc.double({ min: -100, max: 100, noNaN: true }), {
  minLength: 1,
  maxLength: 60,
})
const halfLives = fc.constantFrom(1, 5, 20, 100)

describe('smoothing', () => {
  test('of 0 leaves the means as they are', () => {
    expect([...smooth(metricOf([3, 1, 2]), 3, 0)]).toEqual([3, 1, 2])
  })

  test('is a weighted mean of all values so far, up to the last one', () => {
    fc.assert(
      fc.property(values, halfLives, (list, halfLife) => {
        const smoothed = smooth(metricOf(list), list.length, halfLife)
        expect(smoothed).toHaveLength(list.length)
        const last = list.length - 1
        const weights = list.map((_, index) => 2 ** ((index - last) / halfLife))
        const sum = weights.reduce((a, b) => a + b)
        const mean = list.reduce((total, value, index) => total + value * weights[index]!, 0) / sum
        expect(smoothed[last]).toBeCloseTo(mean, 6)
      }),
    )
  })

  test('starts without bias: the first point is the first value, a constant stays itself', () => {
    fc.assert(
      fc.property(values, halfLives, (list, halfLife) => {
        expect(smooth(metricOf(list), 1, halfLife)[0]).toBeCloseTo(list[0]!, 9)
        const constant = smooth(metricOf(list.map(() => 7)), list.length, halfLife)
        for (const value of constant) expect(value).toBeCloseTo(7, 9)
      }),
    )
  })

  test('halves the weight of a value in one half-life', () => {
    const step = Array.from({ length: 400 }, (_, index) => (index < 300 ? 0 : 1))
    const smoothed = smooth(metricOf(step), 400, 10)
    expect(smoothed[309]).toBeCloseTo(0.5, 6)
  })

  test('hardly moves when buckets merge', () => {
    const slow = Array.from({ length: 2048 }, (_, index) => Math.cos(index / 300))
    const metric = metricOf(slow)
    const fine = smooth(metric, 2048, 50)
    mergeMetric(metric)
    const coarse = smooth(metric, 1024, 50)
    for (let i = 0; i < 1024; i++) expect(coarse[i]).toBeCloseTo(fine[2 * i + 1]!, 2)
  })

  test('passes over buckets without finite values', () => {
    const smoothed = smooth(metricOf([1, NaN, 3]), 3, 1)
    expect(smoothed[1]).toBeNaN()
    expect(smoothed[2]).toBeCloseTo((3 + 0.5 * 1) / 1.5, 9)
  })
})
