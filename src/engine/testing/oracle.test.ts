import { describe, expect, it } from 'vitest'
import { differences } from './differences.ts'
import { attentionOracle } from './attentionOracle.ts'
import { noise, worstError } from './noise.ts'
import { erf, geluOracle, layerNormOracle, linearOracle, type Oracle } from './oracle.ts'
import type { HostTensor } from './run.ts'

describe('erf', () => {
  // Values of DLMF table 7.23 and beyond, to 15 digits.
  it.each([
    [0, 0],
    [0.1, 0.112462916018285],
    [0.5, 0.520499877813047],
    [1, 0.842700792949715],
    [2, 0.995322265018953],
    [3.5, 0.999999256901628],
    [-1, -0.842700792949715],
    [7, 1],
  ])('erf(%f)', (z, value) => {
    expect(Math.abs(erf(z) - value)).toBeLessThan(2e-15)
  })
})

describe('the gradients of the oracles are those of their values', () => {
  const cases: [string, Oracle, HostTensor[], number[]][] = [
    ['gelu', geluOracle, [noise([5, 7], 1, 2)], [5, 7]],
    ['layer norm', layerNormOracle(1e-3), [noise([4, 5], 2), noise([5], 3), noise([5], 4)], [4, 5]],
    ['linear', linearOracle, [noise([3, 4], 5), noise([5, 4], 6), noise([5], 7)], [3, 5]],
    ['linear without bias', linearOracle, [noise([3, 4], 5), noise([5, 4], 6)], [3, 5]],
    ['attention', attentionOracle(2), [noise([2, 3, 12], 8)], [2, 3, 4]],
    [
      'attention with bias',
      attentionOracle(2),
      [noise([2, 3, 12], 8), noise([2, 3, 3], 9)],
      [2, 3, 4],
    ],
    [
      'attention with a mask, to other tokens',
      attentionOracle(2, (b, i, j) => i > 0 && (b + i + j) % 3 > 0, true),
      [noise([2, 3, 4], 8), noise([2, 5, 8], 9)],
      [2, 3, 4],
    ],
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
