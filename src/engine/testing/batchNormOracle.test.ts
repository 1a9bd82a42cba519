import { describe, expect, it } from 'vitest'
import { batchNormOracle, batchNormReluOracle, keptNormOracle } from './batchNormOracle.ts'
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

  it('gives itself again where the statistics are those of the batch', () => {
    const inputs = [noise([5, 3], 1), noise([3], 2), noise([3], 3)]
    const { value, ...statistics } = batchNormOracle(1e-3)(inputs, inputs[0]!.data)
    const kept = keptNormOracle(1e-3, statistics, { affine: true, relu: false })
    expect(worstError(kept(inputs, inputs[0]!.data).value, value)).toBeLessThan(1e-14)
  })

  it.each([
    { affine: false, relu: false },
    { affine: true, relu: false },
    { affine: true, relu: true },
  ])('has gradients with given statistics, %o', (plan) => {
    const statistics = { mean: [0.3, -0.2, 0.1], variance: [0.5, 2, 1] }
    const oracle = keptNormOracle(1e-3, statistics, plan)
    const parameters = plan.affine ? [noise([3], 2), noise([3], 3)] : []
    const skips = plan.relu ? [noise([5, 3], 5)] : []
    const inputs = [noise([5, 3], 1), ...parameters, ...skips]
    const dy = noise([5, 3], 4).data
    const { gradients } = oracle(inputs, dy)
    expect(gradients).toHaveLength(inputs.length)
    gradients.forEach((gradient, which) => {
      expect(worstError(gradient, differences(oracle, inputs, which, dy))).toBeLessThan(1e-8)
    })
  })
})
