import { describe, expect, it } from 'vitest'
import { convolutionOracle } from './convolutionOracle.ts'
import { differences } from './differences.ts'
import { noise, worstError } from './noise.ts'

describe('the convolution oracle', () => {
  it.each([
    [1, 1],
    [2, 0],
    [2, 1],
  ])('has the gradients of its value, stride %i, padding %i', (stride, padding) => {
    const inputs = [noise([2, 5, 4, 2], 1), noise([3, 2, 3, 2], 2), noise([3], 3)]
    const oracle = convolutionOracle(stride, padding)
    const side = (length: number, kernel: number): number =>
      Math.floor((length + 2 * padding - kernel) / stride) + 1
    const dy = noise([2, side(5, 3), side(4, 2), 3], 4).data
    const { gradients } = oracle(inputs, dy)
    gradients.forEach((gradient, which) => {
      expect(worstError(gradient, differences(oracle, inputs, which, dy))).toBeLessThan(1e-8)
    })
  })
})
