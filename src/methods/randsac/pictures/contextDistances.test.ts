import { expect, test } from 'vitest'
import { defaultsOf } from '../../../settings/rows.ts'
import { segmentPlanOf } from '../segments/plan.ts'
import { randsacTable, type RandsacSettings } from '../settings.ts'
import { DISTANCES } from '../testing/distances.ts'
import { contextDistances, distancesOf } from './contextDistances.ts'

const planOf = (change: Partial<RandsacSettings>) =>
  segmentPlanOf({ ...defaultsOf(randsacTable), ...change })

test.each(DISTANCES)('$scheme: as far apart as in spec section 9', (row) => {
  // With 400 draws a mean of blobs is itself off by 0.03.
  const found = contextDistances(planOf(row.settings), 1500)
  expect(Math.abs(found.mean - row.mean)).toBeLessThan(0.05)
  expect(Math.abs(found.visible - row.visible)).toBeLessThan(0.01)
  // Told to one digit, and the mean of only 400 numbers.
  expect(Math.abs(found.largest - row.largest)).toBeLessThan(0.15)
})

test('raster order finds every token beside the one before it, or below', () => {
  const { shares, at, mean } = contextDistances(
    planOf({ segmentKind: 'patches', hierarchy: false, segmentOrder: 'raster' }),
  )
  expect(at.slice(0, 4)).toEqual([0, 0.5, 1, 1.5])
  expect(at).toHaveLength(shares.length)
  expect(shares[2]).toBeCloseTo(1, 9)
  expect(mean).toBeCloseTo(1, 9)
})

test('the shares of the bins are those of all predicted tokens, and the mean lies in them', () => {
  const { shares, at, mean } = contextDistances(planOf({ segmentSize: '4', hierarchy: false }))
  expect(shares.reduce((a, b) => a + b)).toBeCloseTo(1, 12)
  const lowest = shares.reduce((sum, share, bin) => sum + share * at[bin]!, 0)
  expect(mean).toBeGreaterThanOrEqual(lowest)
  expect(mean).toBeLessThan(lowest + 0.5)
})

test('many tokens are drawn less often', () => {
  const draws = (patchSize: '8' | '2' | '1') => contextDistances(planOf({ patchSize })).draws
  expect([draws('8'), draws('2'), draws('1')]).toEqual([400, 256, 16])
})

test('the last scheme is not drawn again, another one is', () => {
  const squares = distancesOf(planOf({}))
  expect(distancesOf(planOf({}))).toBe(squares)
  const blobs = distancesOf(planOf({ segmentKind: 'blob' }))
  expect(blobs.mean).not.toBe(squares.mean)
  expect(distancesOf(planOf({}))).toEqual(squares)
})
