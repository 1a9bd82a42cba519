import { expect, test } from 'vitest'
import { blobs, planWith, quarters, square } from '../testing/plans.ts'
import { contextDistances, distancesOf } from './contextDistances.ts'

// All of the table of spec section 9 is compared with the serialisations themselves: see segments/distances.test.ts.
test.each([
  ['raster order', planWith({ segmentOrder: 'raster' }), 1, 1, 0.5],
  ['16 squares in 4 partitions', planWith(quarters), 1.51, 4, 0.5],
  ['11 blobs in 5 partitions', planWith(blobs(11, 5)), 1.74, 4.8, 0.479],
  // Their images have from one predicted token to 63: that all images count alike shows here.
  ['3 blobs', planWith(blobs(3)), 2.26, 4.9, 0.467],
] as const)(
  '%s: as far from its context as in spec section 9',
  (_, plan, mean, largest, visible) => {
    const found = contextDistances(plan, 2000)
    expect(found.draws).toBe(2000)
    expect(Math.abs(found.mean - mean)).toBeLessThan(0.05)
    expect(Math.abs(found.largest - largest)).toBeLessThan(0.2)
    expect(Math.abs(found.visible - visible)).toBeLessThan(0.02)
  },
)

test('raster order finds every token beside the one before it, or below', () => {
  const { shares, at, mean } = contextDistances(planWith({ segmentOrder: 'raster' }))
  expect(at.slice(0, 4)).toEqual([0, 0.5, 1, 1.5])
  expect(at).toHaveLength(shares.length)
  expect(shares[2]).toBeCloseTo(1, 9)
  expect(mean).toBeCloseTo(1, 9)
})

test('the shares of the bins are those of all predicted tokens, and the mean lies in them', () => {
  const { shares, at, mean } = contextDistances(planWith(square('4')))
  expect(shares.reduce((a, b) => a + b)).toBeCloseTo(1, 12)
  const lowest = shares.reduce((sum, share, bin) => sum + share * at[bin]!, 0)
  expect(mean).toBeGreaterThanOrEqual(lowest)
  expect(mean).toBeLessThan(lowest + 0.5)
})

test('many tokens are drawn less often', () => {
  const draws = (patchSize: '8' | '2' | '1') => contextDistances(planWith({ patchSize })).draws
  expect([draws('8'), draws('2'), draws('1')]).toEqual([400, 256, 16])
})

test('the last scheme is not drawn again, another one is', () => {
  const patches = distancesOf(planWith({}))
  expect(distancesOf(planWith({}))).toBe(patches)
  const others = distancesOf(planWith(blobs(7)))
  expect(others.mean).not.toBe(patches.mean)
  expect(distancesOf(planWith({}))).toEqual(patches)
})
