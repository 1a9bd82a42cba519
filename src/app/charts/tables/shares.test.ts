import { expect, it } from 'vitest'
import { evennessOf, rankedShares } from './shares.ts'

const over = (from: number, step: number) => ({ from, step, values: {} })

it('shares are means of the steps, in falling order, and what they are made of stays', () => {
  const sums = Float64Array.of(0.5, 3, 0.5)
  expect(rankedShares(sums, over(11, 14))).toEqual([
    { at: 1, mean: 0.75, count: 4 },
    { at: 2, mean: 0.125, count: 4 },
    { at: 3, mean: 0.125, count: 4 },
  ])
  expect([...sums]).toEqual([0.5, 3, 0.5])
})

it('even shares are as varied as they are many, a single one as one', () => {
  const evenness = (...sums: number[]) =>
    evennessOf(rankedShares(Float64Array.from(sums), over(1, 1)))
  const even = evenness(0.25, 0.25, 0.25, 0.25)
  expect(even.inUse).toBe(4)
  expect(even.asVariedAs).toBeCloseTo(4, 12)
  expect(evenness(0, 1, 0, 0)).toEqual({ inUse: 1, asVariedAs: 1 })
  // A tenth of an even share is 0.025.
  expect(evenness(0.72, 0.24, 0.025, 0.015).inUse).toBe(3)
})
