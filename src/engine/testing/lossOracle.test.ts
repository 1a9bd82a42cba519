import { describe, expect, it } from 'vitest'
import { differences } from './differences.ts'
import {
  absoluteTerm,
  binaryTerm,
  cosineLossOracle,
  crossEntropyOracle,
  focalOracleTerm,
  meanLossOracle,
  normaliseOracle,
  oneHot,
  squareTerm,
} from './lossOracle.ts'
import { noise, worstError } from './noise.ts'
import type { Oracle } from './oracle.ts'

describe('the gradients of the loss oracles are those of their values', () => {
  const target = noise([3, 5], 1)
  const weights = { shape: [3], data: [0.5, 0, 2] }
  const cases: [string, Oracle, number[], number[]][] = [
    ['mean square', meanLossOracle(squareTerm, target), [3, 5], []],
    ['mean absolute', meanLossOracle(absoluteTerm, target, weights, 1e-3), [3, 5], []],
    ['focal', meanLossOracle(focalOracleTerm(0.2), target, weights), [3, 5], []],
    ['binary', meanLossOracle(binaryTerm, noise([3, 5], 2), weights), [3, 5], []],
    ['cross-entropy, soft', crossEntropyOracle(noise([3, 5], 3), 0.7), [3, 5], []],
    ['cross-entropy', crossEntropyOracle(oneHot([4, 0, 9], 5), 1), [3, 5], []],
    ['normalise', normaliseOracle(1e-12), [3, 5], [3, 5]],
    ['normalise, short', normaliseOracle(100), [3, 5], [3, 5]],
    ['cosine loss', cosineLossOracle(noise([2, 5], 4), 1e-12), [4, 5], []],
    ['cosine loss, short', cosineLossOracle(noise([2, 5], 4), 100), [4, 5], []],
  ]
  it.each(cases)('%s', (_, oracle, shape, valueShape) => {
    const inputs = [noise(shape, 10)]
    const dy = noise(valueShape, 11).data
    const { gradients } = oracle(inputs, dy)
    expect(gradients).toHaveLength(1)
    expect(worstError(gradients[0]!, differences(oracle, inputs, 0, dy))).toBeLessThan(1e-8)
  })
})
