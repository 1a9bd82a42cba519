import { describe, expect, it } from 'vitest'
import { randomAt, Stream } from '../../engine/random.ts'
import { distancesOf, rocOf, scoreOf } from './scores.ts'

/** Logits on a coarse grid, so that many are equal; those of misplaced tokens lie higher. */
function tokens(count: number, seed: number) {
  const random = randomAt(seed, Stream.init)
  const labels = Float32Array.from({ length: count }, () => Number(random.uniform() < 0.3))
  const distances = labels.map((label) => label * (1 + 4 * random.uniform()))
  const logits = labels.map((label) => Math.round(4 * (random.normal() + label)) / 4)
  return { logits, labels, distances }
}

/** Counts all pairs of a misplaced token and one in place. */
function pairs(logits: Float32Array, isMisplaced: (i: number) => boolean, labels: Float32Array) {
  let [wins, all] = [0, 0]
  logits.forEach((a, i) => {
    if (!isMisplaced(i)) return
    logits.forEach((b, j) => {
      if (labels[j] !== 0) return
      wins += a > b ? 1 : a === b ? 0.5 : 0
      all += 1
    })
  })
  return wins / all
}

describe('a score', () => {
  it.each([1, 2, 3])('counts all pairs, ties half (seed %i)', (seed) => {
    const { logits, labels } = tokens(200, seed)
    const { auroc } = scoreOf({ logits, labels })
    expect(auroc).toBeCloseTo(
      pairs(logits, (i) => labels[i] === 1, labels),
      12,
    )
  })

  it('has the cross-entropy of the specification (D11), and ln 2 for logits of 0 whatever the labels', () => {
    const logits = Float32Array.of(2, -1, 0.5, -3, 0, 1)
    const labels = Float32Array.of(1, 0, 0, 0, 1, 1)
    expect(scoreOf({ logits, labels }).bce).toBeCloseTo(0.4115438170655354, 12)
    expect(scoreOf({ logits: new Float32Array(6), labels }).bce).toBeCloseTo(Math.LN2, 12)
  })

  it('compares with what the share alone tells: H(0.2), which its constant logit reaches (D12)', () => {
    const labels = Float32Array.from({ length: 100 }, (_, i) => Number(i % 5 === 0))
    const score = scoreOf({ logits: labels.map(() => Math.log(0.2 / 0.8)), labels })
    expect(score.misplaced).toBe(20)
    expect(score.prior).toBeCloseTo(0.50040242353, 10)
    expect(score.bce).toBeCloseTo(score.prior, 6)
    expect([score.auroc, score.balancedAccuracy]).toEqual([0.5, 50])
  })

  it('does not overflow, and counts half where one kind is absent', () => {
    const [logits, labels] = [Float32Array.of(1e4, -1e4), Float32Array.of(0, 0)]
    const score = scoreOf({ logits, labels })
    expect(score).toMatchObject({ misplaced: 0, bce: 5000, prior: 0, auroc: 0.5 })
  })

  it('weighs both kinds alike at a probability of one half', () => {
    const logits = Float32Array.of(1, -1, 0, 2, -2, -3)
    const labels = Float32Array.of(1, 1, 0, 0, 0, 0)
    expect(scoreOf({ logits, labels }).balancedAccuracy).toBe((100 * (1 / 2 + 3 / 4)) / 2)
  })
})

describe('a ROC curve', () => {
  it('goes from corner to corner, and its area is the AUROC', () => {
    const { logits, labels } = tokens(4000, 4)
    const curve = rocOf({ logits, labels })
    expect(curve).toHaveLength(51)
    expect(curve[0]!.falseAlarms).toBe(0)
    expect(curve.at(-1)).toEqual({ falseAlarms: 100, found: 100 })
    const area = curve
      .slice(1)
      .reduce((sum, { found }, i) => sum + (found + curve[i]!.found) / 2 / 50 / 100, 0)
    expect(area).toBeCloseTo(scoreOf({ logits, labels }).auroc, 2)
  })

  it('is steep for a detector that is always right, and straight for one that knows nothing', () => {
    const labels = Float32Array.of(0, 1, 0, 1, 0)
    expect(rocOf({ logits: labels, labels }).every(({ found }) => found === 100)).toBe(true)
    for (const { falseAlarms, found } of rocOf({ logits: new Float32Array(5), labels }))
      expect(found).toBeCloseTo(falseAlarms, 10)
  })
})

it('sorts misplaced tokens by distance, each kind against all in place', () => {
  const all = tokens(300, 5)
  const found = distancesOf(all)
  expect(found.map(({ distance }) => distance)).toEqual([1, 2, 3, 4, 5])
  const misplaced = all.labels.filter((label) => label === 1).length
  expect(found.reduce((sum, { tokens: count }) => sum + count, 0)).toBe(misplaced)
  for (const { distance, auroc, bce } of found) {
    const isHere = (i: number) => all.labels[i] === 1 && Math.round(all.distances[i]!) === distance
    expect(auroc).toBeCloseTo(pairs(all.logits, isHere, all.labels), 12)
    const here = [...all.logits].filter((_, i) => isHere(i))
    const own = here.reduce((sum, logit) => sum + Math.log(1 + Math.exp(-logit)), 0) / here.length
    expect(bce).toBeCloseTo(own, 10)
  }
})
