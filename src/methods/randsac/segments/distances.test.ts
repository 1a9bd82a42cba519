import { expect, test } from 'vitest'
import { randomAt, Stream } from '../../../engine/random.ts'
import { blobs, planWith, quarters, square } from '../testing/plans.ts'
import type { SegmentSettings } from './plan.ts'
import { drawSerialisation } from './serialisation.ts'

const DRAWS = 1500
const GRID = 8

/** Of one image: mean and largest distance to the nearest token of a lower rank, and the mean share of such tokens. */
function contextOf(ranks: Uint16Array): readonly [mean: number, largest: number, visible: number] {
  let [sum, largest, visible, targets] = [0, 0, 0, 0]
  for (let a = 0; a < ranks.length; a++) {
    if (ranks[a] === 0) continue
    let [nearest, seen] = [Infinity, 0]
    for (let b = 0; b < ranks.length; b++) {
      if (ranks[b]! >= ranks[a]!) continue
      seen++
      const rows = Math.floor(a / GRID) - Math.floor(b / GRID)
      nearest = Math.min(nearest, Math.hypot(rows, (a % GRID) - (b % GRID)))
    }
    targets++
    sum += nearest
    largest = Math.max(largest, nearest)
    visible += seen / ranks.length
  }
  return [sum / targets, largest, visible / targets]
}

test.each<[string, Partial<SegmentSettings>, number, number, number]>([
  ['patch-raster', { segmentOrder: 'raster' }, 1, 1, 0.5],
  ['incoherent 16 × 4', { ...square('2'), shuffleSegments: true }, 1.21, 3.8, 0.5],
  ['patch-random', {}, 1.28, 5.3, 0.5],
  ['square 16 → 4', quarters, 1.51, 4, 0.5],
  ['blob 16 → 4', blobs(16, 4), 1.59, 4.7, 0.489],
  ['square M = 2', square('2'), 1.66, 5.2, 0.5],
  ['blob 11 → 5', blobs(11, 5), 1.74, 4.8, 0.479],
  ['blob 11', blobs(11), 1.85, 5.4, 0.478],
  ['blob 7', blobs(7), 1.97, 5.2, 0.472],
  ['blob 3', blobs(3), 2.26, 4.9, 0.467],
  ['square M = 4', square('4'), 2.35, 4.5, 0.5],
])('12.15 %s: how far its context is', (_, changes, mean, largest, visible) => {
  const plan = planWith(changes)
  const images = Array.from({ length: DRAWS }, (_, image) =>
    contextOf(drawSerialisation(plan, randomAt(1, Stream.scheme, 0, image)).ranks),
  )
  const averages = [0, 1, 2].map((i) => images.reduce((sum, of) => sum + of[i]!, 0) / DRAWS)
  expect(Math.abs(averages[0]! - mean), `mean ${averages[0]}`).toBeLessThan(0.05)
  // The table gives it to one place, from 400 draws.
  expect(Math.abs(averages[1]! - largest), `largest ${averages[1]}`).toBeLessThan(0.2)
  expect(Math.abs(averages[2]! - visible), `visible ${averages[2]}`).toBeLessThan(0.05)
})
