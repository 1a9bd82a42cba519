import { describe, expect, it } from 'vitest'
import { differences } from './differences.ts'
import { mlpOracle, withResidual } from './mlpOracle.ts'
import { noise, worstError } from './noise.ts'
import { linearOracle, type Oracle } from './oracle.ts'
import type { HostTensor } from './run.ts'

describe('the gradients of the oracles are those of their values', () => {
  const dense = [noise([4, 3], 5), noise([5, 3], 6), noise([5], 7)]
  const layers = [...dense, noise([2, 5], 8), noise([2], 9)]
  const cases: [string, Oracle, HostTensor[], number[]][] = [
    ['linear + residual', withResidual(linearOracle), [...dense, noise([4, 5], 1)], [4, 5]],
    [
      'linear + repeated residual',
      withResidual(linearOracle),
      [...dense, noise([1, 2, 5], 1)],
      [4, 5],
    ],
    ['mlp', mlpOracle, layers, [4, 2]],
  ]
  it.each(cases)('%s', (_, oracle, inputs, shape) => {
    const dy = noise(shape, 10).data
    const { gradients } = oracle(inputs, dy)
    expect(gradients).toHaveLength(inputs.length)
    gradients.forEach((gradient, which) => {
      expect(worstError(gradient, differences(oracle, inputs, which, dy))).toBeLessThan(1e-8)
    })
  })
})
