import { describe, expect, test } from 'vitest'
import { randomAt, Stream } from '../../../engine/random.ts'
import { cellCentres, centroids, compact, drawBlobs, type BlobRule } from './blobs.ts'
import { drawGaussians, nearestGaussians, type Gaussian } from './gaussians.ts'

const SCALES = { from: 0.5, to: 2 }

const draw = (grid: number, rule: Partial<BlobRule>, draws: number, seed = 1) =>
  Array.from({ length: draws }, (_, image) =>
    drawBlobs(randomAt(seed, Stream.mask, 0, image), grid, cellCentres(grid), {
      count: 7,
      partitions: null,
      scales: SCALES,
      ...rule,
    }),
  )

test('12.10 three Gaussians on 4 × 4 tokens', () => {
  const gaussian = (x: number, y: number, first: number, second: number): Gaussian => ({
    mean: [x, y],
    deviations: [first, second],
    angle: 0,
  })
  const gaussians = [gaussian(1, 1, 1, 1), gaussian(3, 1, 0.5, 1), gaussian(2, 3, 2, 1)]
  expect([...nearestGaussians(cellCentres(4), gaussians)].join(' ')).toBe(
    '0 0 1 1 0 0 1 1 2 2 2 2 2 2 2 2',
  )
})

test('a turned Gaussian reaches along its own axes: first axis at the angle, from x towards y', () => {
  const long: Gaussian = { mean: [2, 2], deviations: [4, 0.5], angle: Math.PI / 4 }
  const round: Gaussian = { mean: [2, 2], deviations: [1, 1], angle: 0 }
  const points = { x: [3, 1, 3, 1], y: [3, 1, 1, 3] }
  expect([...nearestGaussians(points, [long, round])]).toEqual([0, 0, 1, 1])
})

test('of equal distances the first wins', () => {
  const same: Gaussian = { mean: [2, 2], deviations: [1, 1], angle: 0 }
  expect([...nearestGaussians(cellCentres(4), [same, same])]).toEqual(Array<number>(16).fill(0))
})

test('Gaussians are drawn evenly over the image, the scales and half a turn', () => {
  const all = drawGaussians(randomAt(3, Stream.mask), 4000, 8, SCALES)
  const fields: [number, number, number[]][] = [
    [0, 8, all.map(({ mean }) => mean[0])],
    [0, 8, all.map(({ mean }) => mean[1])],
    [0.5, 2, all.map(({ deviations }) => deviations[0])],
    [0.5, 2, all.map(({ deviations }) => deviations[1])],
    [0, Math.PI, all.map(({ angle }) => angle)],
  ]
  for (const [from, to, values] of fields) {
    expect(Math.min(...values)).toBeGreaterThanOrEqual(from)
    expect(Math.max(...values)).toBeLessThan(to)
    // Quarters of the range hold 1000 each, give or take five standard deviations.
    const counts = [0, 0, 0, 0]
    for (const value of values) counts[Math.floor((4 * (value - from)) / (to - from))]!++
    for (const count of counts) expect(Math.abs(count - 1000)).toBeLessThan(5 * Math.sqrt(750))
  }
})

test('numbers that do not occur are dropped, the others keep their order', () => {
  const { numbers, count } = compact(Uint16Array.of(5, 2, 5, 0), 7)
  expect([...numbers]).toEqual([2, 1, 2, 0])
  expect(count).toBe(3)
})

test('centroids are the means of the tokens', () => {
  const { x, y } = centroids(cellCentres(2), Uint16Array.of(0, 0, 0, 1), 2)
  expect([...Array.from(x), ...Array.from(y)]).toEqual([2.5 / 3, 1.5, 2.5 / 3, 1.5])
})

describe('every token is in a blob, every blob has tokens, and there are at least two', () => {
  test.each([
    [8, 2],
    [8, 11],
    [4, 16],
    [16, 64],
    [32, 3],
  ])('%i × %i tokens, %i Gaussians', (grid, count) => {
    for (const { segmentOf, segments } of draw(grid, { count }, 100)) {
      expect(segmentOf).toHaveLength(grid * grid)
      expect(segments).toBeGreaterThanOrEqual(2)
      expect(segments).toBeLessThanOrEqual(count)
      expect([...new Set(segmentOf)].sort((a, b) => a - b)).toEqual(
        Array.from({ length: segments }, (_, i) => i),
      )
    }
  })

  test('one that leaves a Gaussian alone is drawn again', () => {
    // Of two Gaussians one is often left without tokens where their sizes differ greatly.
    const rule: BlobRule = { count: 2, partitions: null, scales: { from: 0.25, to: 4 } }
    const alone = (image: number): boolean => {
      const gaussians = drawGaussians(randomAt(1, Stream.mask, 0, image), 2, 8, rule.scales)
      return compact(nearestGaussians(cellCentres(8), gaussians), 2).count < 2
    }
    expect(Array.from({ length: 200 }, (_, i) => alone(i)).filter(Boolean).length).toBeGreaterThan(
      0,
    )
    for (const { segments } of draw(8, rule, 200)) expect(segments).toBe(2)
  })
})

describe('spec section 3.3: what the sampler makes of 8 × 8 tokens', () => {
  test.each([
    [3, 2.98, 0.51, 35, 1.11],
    [7, 6.88, 0.66, 20.5, 1.14],
    [11, 10.6, 0.68, 14.9, 1.14],
    [16, 15.1, 0.69, 11.2, 1.12],
  ])('%i Gaussians', (count, nonEmpty, variation, largest, pieces) => {
    const draws = 2000
    const sum = { nonEmpty: 0, variation: 0, largest: 0, pieces: 0 }
    for (const { segmentOf, segments } of draw(8, { count }, draws)) {
      const sizes = Array.from({ length: segments }, () => 0)
      for (const segment of segmentOf) sizes[segment]!++
      const mean = 64 / segments
      const deviation = Math.sqrt(sizes.reduce((s, n) => s + (n - mean) ** 2, 0) / segments)
      sum.nonEmpty += segments
      sum.variation += deviation / mean
      sum.largest += Math.max(...sizes)
      sum.pieces += connectedPieces(segmentOf, 8) / segments
    }
    // The table’s own 400 draws are off by up to so much.
    expect(Math.abs(sum.nonEmpty / draws - nonEmpty)).toBeLessThan(0.12)
    expect(Math.abs(sum.variation / draws - variation)).toBeLessThan(0.03)
    expect(Math.abs(sum.largest / draws - largest)).toBeLessThan(1)
    expect(Math.abs(sum.pieces / draws - pieces)).toBeLessThan(0.03)
  })
})

describe('partitions of blobs', () => {
  test('hold whole blobs, the nearest by their centroids; the blobs are those without a hierarchy', () => {
    const [grid, count, partitions] = [8, 11, 5]
    const centres = cellCentres(grid)
    draw(grid, { count, partitions }, 50).forEach((blobs, image) => {
      const random = randomAt(1, Stream.mask, 0, image)
      const { segmentOf, segments } = drawBlobs(random, grid, centres, {
        count,
        partitions: null,
        scales: SCALES,
      })
      expect(blobs.segmentOf).toEqual(segmentOf)
      const further = drawGaussians(random, partitions, grid, SCALES)
      const nearest = nearestGaussians(centroids(centres, segmentOf, segments), further)
      expect(blobs.partitionOf).toEqual(compact(nearest, partitions).numbers)
      expect(blobs.partitions).toBe(new Set(nearest).size)
    })
  })
})

/** How many pieces the segments of a grid fall into when cells touch along their sides. */
function connectedPieces(segmentOf: Uint16Array, grid: number): number {
  const seen = new Set<number>()
  let pieces = 0
  for (let start = 0; start < segmentOf.length; start++) {
    if (seen.has(start)) continue
    pieces++
    const open = [start]
    while (open.length > 0) {
      const cell = open.pop()!
      if (seen.has(cell)) continue
      seen.add(cell)
      const column = cell % grid
      const beside = [cell - grid, cell + grid]
      if (column > 0) beside.push(cell - 1)
      if (column < grid - 1) beside.push(cell + 1)
      open.push(...beside.filter((other) => segmentOf[other] === segmentOf[start]))
    }
  }
  return pieces
}
