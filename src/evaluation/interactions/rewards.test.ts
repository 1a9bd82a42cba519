import { expect, it } from 'vitest'
import { rewardOf } from './rewards.ts'

it('J4: the log-odds of logits (2, −1, 0.5) for class 0 are 1.29858672', () => {
  expect(rewardOf('modified', [2, -1, 0.5], 0)).toBeCloseTo(1.29858672, 8)
})

it('is what the probability says', () => {
  const logits = [0.3, -2, 1.5, 4]
  const sum = logits.reduce((total, z) => total + Math.exp(z), 0)
  logits.forEach((z, label) => {
    const p = Math.exp(z) / sum
    expect(rewardOf('modified', logits, label)).toBeCloseTo(Math.log(p / (1 - p)), 12)
    expect(rewardOf('logp', logits, label)).toBeCloseTo(Math.log(p), 12)
    expect(rewardOf('logit', logits, label)).toBe(z)
  })
})

it('does not overflow, and feels no common shift but of the logit', () => {
  const logits = [1000, 990, -1000]
  expect(rewardOf('modified', logits, 0)).toBe(10)
  expect(rewardOf('modified', logits, 1)).toBe(-10)
  expect(rewardOf('logp', logits, 2)).toBeCloseTo(-2000, 4)
  for (const reward of ['modified', 'logp'] as const)
    expect(rewardOf(reward, [2, -1, 0.5], 1)).toBeCloseTo(
      rewardOf(reward, [802, 799, 800.5], 1),
      10,
    )
})
