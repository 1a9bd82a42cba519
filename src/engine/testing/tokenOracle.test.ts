import { describe, expect, it } from 'vitest'
import { differences } from './differences.ts'
import { noise, worstError } from './noise.ts'
import type { Oracle } from './oracle.ts'
import { gatherOracle, scatterOracle } from './tokenOracle.ts'
import type { HostTensor } from './run.ts'

describe('the gradients of the token oracles are those of their values', () => {
  const indices = { shape: [2, 3], data: [3, 0, 3, -1, 1, 2] }
  const cases: [string, Oracle, HostTensor[], number[]][] = [
    ['gather', gatherOracle(indices), [noise([2, 4, 2], 1)], [2, 3, 2]],
    ['gather from a table', gatherOracle(indices), [noise([1, 4, 2], 2)], [2, 3, 2]],
    ['scatter', scatterOracle(indices, 4), [noise([2, 3, 2], 3)], [2, 4, 2]],
    ['scatter, filled', scatterOracle(indices, 4), [noise([2, 3, 2], 4), noise([2], 5)], [2, 4, 2]],
  ]
  it.each(cases)('%s', (_, oracle, inputs, shape) => {
    const dy = noise(shape, 11).data
    const { gradients } = oracle(inputs, dy)
    expect(gradients).toHaveLength(inputs.length)
    gradients.forEach((gradient, which) => {
      expect(worstError(gradient, differences(oracle, inputs, which, dy))).toBeLessThan(1e-8)
    })
  })
})
