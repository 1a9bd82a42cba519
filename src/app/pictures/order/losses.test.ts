import { expect, test } from 'vitest'
import { meanLoss, segmentLosses } from './losses.ts'

const losses = Float32Array.of(NaN, 1, 3, 5)
const ranks = Uint16Array.of(0, 1, 1, 2)

test('a segment’s loss is the mean of its cells’; the first has none', () => {
  expect([...segmentLosses(losses, ranks, 3)]).toEqual([NaN, 2, 5])
})

test('an image’s loss is the mean of all cells that are predicted', () => {
  expect(meanLoss(losses)).toBe(3)
  expect(meanLoss(Float32Array.of(NaN))).toBeNaN()
})
