import { describe, expect, it } from 'vitest'
import type { DetectionResult, DetectorReport } from '../../../results.ts'
import { chartsOf, findingsOf } from './words.ts'

const score = { misplaced: 20, bce: 0.4, prior: 0.5, balancedAccuracy: 60 }
const report = (own: number, other: number, blank = 0.5): DetectorReport => ({
  scores: [
    { policy: 'dropped', label: 'Dropped cells', auroc: own, ...score },
    { policy: 'permute', label: 'Permute', auroc: other, ...score },
  ],
  roc: [0, 50, 100].map((share) => ({ falseAlarms: share, found: Math.sqrt(100 * share) })),
  distances: [1, 3].map((distance) => ({ distance, tokens: 9, auroc: own, ...score })),
  blank,
})

it('draws the trained network beside the untrained one', () => {
  const untrained = { ...report(0.5, 0.51), distances: report(0.5, 0.5).distances.slice(1) }
  const result: DetectionResult = {
    kind: 'detection',
    ...{ trained: report(0.9, 0.8, 0.55), untrained, testImages: 10, tokens: 32 },
  }
  const [roc, distance, policy] = chartsOf(result)
  expect(roc!.places.at(-1)).toEqual({ amount: 100, first: 100, second: 100 })
  expect(distance!.places).toEqual([
    { amount: 1, first: 0.9, second: null },
    { amount: 3, first: 0.9, second: 0.5 },
  ])
  expect(policy!.places).toEqual([
    { amount: 0, first: 0.9, second: 0.5 },
    { amount: 1, first: 0.8, second: 0.51 },
    { amount: 2, first: 0.55, second: 0.5 },
  ])
  expect([0, 1, 2].map(policy!.nameOf)).toEqual(['Dropped cells', 'Permute', 'no content'])
})

describe('findings', () => {
  it('are none where the detector holds up', () => {
    expect(findingsOf(report(0.8, 0.7))).toEqual([])
    expect(findingsOf(report(0.58, 0.52))).toEqual([])
  })

  it('tell a detector that knows only the share', () => {
    expect(findingsOf(report(0.51, 0.5))).toEqual([expect.stringContaining('hardly tells')])
  })

  it('tell shortcuts: another kind of wrong place defeats it, or it needs no content', () => {
    expect(findingsOf(report(0.9, 0.5))).toEqual([expect.stringContaining('fails under “Permute”')])
    expect(findingsOf(report(0.9, 0.8, 0.7))).toEqual([
      expect.stringContaining('images without content'),
    ])
  })
})
