import { expect, it } from 'vitest'
import { isTested } from './training.ts'

it.each([
  [1, [1]],
  [3, [1, 2, 3]],
  [12, [2, 3, 4, 5, 6, 8, 9, 10, 11, 12]],
  [30, [3, 6, 9, 12, 15, 18, 21, 24, 27, 30]],
])('tests ten times at most in %i epochs, the last one among them', (epochs, expected) => {
  const all = Array.from({ length: epochs }, (_, i) => i + 1)
  expect(all.filter((epoch) => isTested(epoch, epochs))).toEqual(expected)
})
