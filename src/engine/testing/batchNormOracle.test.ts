import { describe, expect, it } from 'vitest'
import { batchNormOracle, batchNormReluOracle } from './batchNormOracle.ts'
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

  it.each([false, true])('has them with relu and skip too, affine: %s', (affine) => {
    const parameters = affine ? [noise([3], 2), noise([3], 3)] : []
    const inputs = [noise([5, 3], 1), ...parameters, noise([5, 3], 5)]
    const oracle = batchNormReluOracle(1e-3, affine)
    for (const given of [inputs, inputs.slice(0, -1)]) {
      const dy = noise([5, 3], 4).data
      const { value, gradients } = oracle(given, dy)
      expect(value.some((entry) => entry === 0) && value.some((entry) => entry > 0)).toBe(true)
      expect(gradients).toHaveLength(given.length)
      gradients.forEach((gradient, which) => {
        expect(worstError(gradient, differences(oracle, given, which, dy))).toBeLessThan(1e-8)
      })
    }
  })
})
