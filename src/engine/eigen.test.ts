import { expect, it } from 'vitest'
import { toFault } from '../errors.ts'
import { eigenOf } from './eigen.ts'

it('gives eigenvalues and unit vectors, largest first, with their largest entry positive', () => {
  const matrix = [2, -1, 0, -1, 2, -1, 0, -1, 2]
  const { values, vectors } = eigenOf(matrix, 3)
  const root = Math.SQRT2
  for (const [rank, value] of [2 + root, 2, 2 - root].entries()) {
    expect(values[rank]).toBeCloseTo(value, 12)
    const vector = vectors.subarray(3 * rank, 3 * rank + 3)
    expect(Math.hypot(...vector)).toBeCloseTo(1, 12)
    for (let i = 0; i < 3; i++) {
      const product = vector.reduce((sum, x, j) => sum + matrix[3 * i + j]! * x, 0)
      expect(product).toBeCloseTo(value * vector[i]!, 12)
    }
    const largest = vector.reduce((best, x) => (Math.abs(x) > Math.abs(best) ? x : best), 0)
    expect(largest).toBeGreaterThan(0)
  }
})

it('takes one number, and refuses what is none', () => {
  expect(eigenOf([-4], 1)).toEqual({ values: Float64Array.of(-4), vectors: Float64Array.of(1) })
  const refused = () => eigenOf([1, NaN, NaN, 1], 2)
  expect(refused).toThrow('not finite numbers')
  try {
    refused()
  } catch (error) {
    expect(toFault(error).code).toBe('diverged')
  }
})
