import { expect, test } from 'vitest'
import { pathFactors } from './dropPath.ts'

test('rate 0 drops nothing', () => {
  expect(pathFactors(0, 4, 5, 1, 2)).toEqual(new Float32Array(40).fill(1))
})

test('a single block counts as the first, whose rate is 0', () => {
  expect(pathFactors(0.5, 1, 6, 1, 0)).toEqual(new Float32Array(12).fill(1))
})

test('the rate rises linearly over the blocks, and the expectation of a factor is 1', () => {
  const [rate, depth, batch] = [0.5, 5, 20_000]
  const factors = pathFactors(rate, depth, batch, 3, 1)
  for (let row = 0; row < 2 * depth; row++) {
    const drop = (rate * Math.floor(row / 2)) / (depth - 1)
    const values = factors.subarray(row * batch, (row + 1) * batch)
    const kept = Math.fround(1 / (1 - drop))
    expect(values.every((value) => value === 0 || value === kept)).toBe(true)
    const mean = values.reduce((sum, value) => sum + value, 0) / batch
    // Five standard deviations of the mean; exact where nothing is dropped.
    expect(Math.abs(mean - 1)).toBeLessThanOrEqual(5 * Math.sqrt(drop / (1 - drop) / batch))
  }
})

test('rows, samples and steps are dropped independently, and again alike at the same address', () => {
  const factors = pathFactors(0.5, 3, 64, 3, 1)
  expect(pathFactors(0.5, 3, 64, 3, 1)).toEqual(factors)
  expect(pathFactors(0.5, 3, 64, 3, 2)).not.toEqual(factors)
  expect(pathFactors(0.5, 3, 64, 4, 1)).not.toEqual(factors)
  const [attention, mlp] = [factors.subarray(4 * 64, 5 * 64), factors.subarray(5 * 64)]
  expect(attention).not.toEqual(mlp)
  expect(new Set(attention)).toEqual(new Set([0, 2]))
})
