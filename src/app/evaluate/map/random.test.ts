import { expect, test } from 'vitest'
import { counterRandom, randomOf } from './random.ts'

test('numbers are addressed by seed and place, and even', () => {
  const next = counterRandom(5)
  const drawn = Array.from({ length: 20_000 }, next)
  expect(drawn.slice(0, 3)).toEqual([randomOf(5, 0), randomOf(5, 1), randomOf(5, 2)])
  expect(drawn[0]).not.toBe(randomOf(6, 0))
  const tenths = new Array<number>(10).fill(0)
  for (const value of drawn) tenths[Math.floor(value * 10)]!++
  // Five standard deviations of a binomial count.
  for (const count of tenths) expect(Math.abs(count - 2000)).toBeLessThan(5 * Math.sqrt(1800))
  // Neighbours do not go together.
  const products = drawn.slice(1).map((value, at) => (value - 0.5) * (drawn[at]! - 0.5))
  const mean = products.reduce((sum, value) => sum + value, 0) / products.length
  expect(Math.abs(mean)).toBeLessThan(0.003)
})
