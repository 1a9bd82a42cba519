import { expect, it } from 'vitest'
import { warningsOf } from './collapse.ts'
import type { FeatureHealth } from './results.ts'

const healthy: FeatureHealth = {
  deviation: 0.05,
  dimensions: 192,
  effectiveRank: 40,
  tokenSimilarity: 0.4,
}

it.each<{ name: string; health: Partial<FeatureHealth>; warnings: readonly RegExp[] }>([
  { name: 'healthy features', health: {}, warnings: [] },
  { name: 'no tokens', health: { tokenSimilarity: null }, warnings: [] },
  { name: 'the same features for all', health: { deviation: 1e-4 }, warnings: [/same features/] },
  { name: 'one direction', health: { effectiveRank: 1.02 }, warnings: [/1\.0 of their 192/] },
  {
    name: 'few of many dimensions',
    health: { effectiveRank: 3 },
    warnings: [/dimensional collapse/],
  },
  {
    name: 'equal tokens',
    health: { tokenSimilarity: 0.999 },
    warnings: [/mean cosine 1\.00/],
  },
  {
    name: 'total collapse',
    health: { deviation: 0, effectiveRank: 1, tokenSimilarity: 1 },
    warnings: [/spread is 0\.0 %/, /dimensional/, /patch tokens/],
  },
])('warns of $name', ({ health, warnings }) => {
  const found = warningsOf({ ...healthy, ...health })
  expect(found).toHaveLength(warnings.length)
  found.forEach((text, i) => expect(text).toMatch(warnings[i]!))
})

it('takes the width into account', () => {
  const narrow = { ...healthy, dimensions: 48 }
  expect(warningsOf({ ...narrow, effectiveRank: 3 })).toEqual([])
  expect(warningsOf({ ...narrow, effectiveRank: 1.9 })).toHaveLength(1)
  expect(warningsOf({ ...healthy, deviation: 0.002 })).toEqual([])
  expect(warningsOf({ ...narrow, deviation: 0.002 })).toHaveLength(1)
})
