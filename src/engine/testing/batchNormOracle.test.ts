import { describe, expect, it } from 'vitest'
import { batchNormOracle } from './batchNormOracle.ts'
import { differences } from './differences.ts'
import { noise, worstError } from './noise.ts'

describe('the batch norm oracle', () => {
  it.each([1, 3])('has the gradients of its value in %i inputs', (count) => {
    const inputs = [noise([5, 3], 1), noise([3], 2), noise([3], 3)].slice(0, count)
    const dy = noise([5, 3], 4).data
    const { gradients } = batchNormOracle(1e-3)(inputs, dy)
    expect(gradients).toHaveLength(count)
    gradients.forEach((gradient, which) => {
      const expected = differences(batchNormOracle(1e-3), inputs, which, dy)
      expect(worstError(gradient, expected)).toBeLessThan(1e-8)
    })
  })
})
