import { describe, expect, test } from 'vitest'
import { randomAt, Stream } from '../../../engine/random.ts'
import { blobs, planWith, quarters, square } from '../testing/plans.ts'
import type { SegmentPlan, SegmentSettings } from './plan.ts'
import { drawRanks, drawSerialisation, serialisationAt } from './serialisation.ts'

const at = (plan: SegmentPlan, image: number, seed = 1, step = 0) =>
  serialisationAt(plan, [seed, Stream.mask, step, image])

const schemes: [string, Partial<SegmentSettings>][] = [
  ['single patches', {}],
  ['squares', square('2')],
  ['squares in partitions', quarters],
  ['patches in partitions', { hierarchy: true, partitionSize: '4' }],
  ['blobs', blobs(11)],
  ['blobs in partitions', blobs(11, 5)],
  ['shuffled squares', { ...square('2'), shuffleSegments: true }],
  ['shuffled blobs in partitions', { ...blobs(11, 5), shuffleSegments: true }],
  ['blobs in raster order', { ...blobs(11), segmentOrder: 'raster' }],
  ['everything on 4 × 4 patches', { ...quarters, patchSize: '8' }],
]

const sizesOf = (ranks: Uint16Array, segments: number): number[] =>
  Array.from({ length: segments }, (_, rank) => ranks.filter((r) => r === rank).length)

describe('every scheme', () => {
  test.each(schemes)('%s: ranks from 0 on, each with tokens', (_, changes) => {
    const plan = planWith(changes)
    for (let image = 0; image < 50; image++) {
      const { ranks, segments } = at(plan, image)
      expect(ranks).toHaveLength(plan.grid ** 2)
      expect(Math.max(...ranks)).toBe(segments - 1)
      expect(Math.min(...sizesOf(ranks, segments))).toBeGreaterThan(0)
      expect(segments).toBeGreaterThan(1)
    }
  })

  test.each(schemes)('%s: a partition is finished before the next begins', (_, changes) => {
    for (let image = 0; image < 50; image++) {
      const { ranks, partitions } = at(planWith(changes), image)
      expect(partitions === null).toBe(changes.hierarchy !== true || changes.patchSize === '8')
      if (partitions === null) continue
      const inOrder = [...partitions.keys()].sort((a, b) => ranks[a]! - ranks[b]!)
      const places = inOrder.map((token) => partitions[token]!)
      expect(places).toEqual([...places].sort((a, b) => a - b))
    }
  })

  test.each(schemes)('%s: the same at the same address, another one elsewhere', (_, changes) => {
    const plan = planWith(changes)
    const drawn = (...address: [number, number?, number?]) => at(plan, ...address).ranks.join()
    expect(drawn(0)).toBe(drawn(0))
    expect(drawn(1)).not.toBe(drawn(0))
    expect(drawn(0, 2)).not.toBe(drawn(0))
    expect(drawn(0, 1, 1)).not.toBe(drawn(0))
  })
})

test('12.8 every K1 / K2 segments of a square order belong to one partition', () => {
  for (let image = 0; image < 200; image++) {
    const { ranks } = at(planWith(quarters), image)
    for (let first = 0; first < 16; first += 4) {
      const quartersOfRun = [...ranks.keys()]
        .filter((token) => ranks[token]! >= first && ranks[token]! < first + 4)
        .map((token) => 2 * Math.floor(token / 32) + Math.floor((token % 8) / 4))
      expect(quartersOfRun).toHaveLength(16)
      expect(new Set(quartersOfRun).size).toBe(1)
    }
  }
})

test.each([
  ['16 squares', square('2'), 60],
  ['4 squares', square('4'), 48],
  ['single patches', {}, 63],
])('12.14 of %s, so many patches are predicted', (_, changes, targets) => {
  const { ranks } = at(planWith(changes), 3)
  expect(ranks.filter((rank) => rank >= 1)).toHaveLength(targets)
})

describe('orders are uniform', () => {
  /** Sum over the cells of (seen − expected)² / expected. */
  const chiSquare = (counts: ArrayLike<number>, expected: number): number =>
    Array.from(counts).reduce((sum, count) => sum + (count - expected) ** 2 / expected, 0)
  const DRAWS = 4800
  /** Five standard deviations above the mean of chi-square with so many degrees of freedom. */
  const bound = (freedom: number): number => freedom + 5 * Math.sqrt(2 * freedom)

  /** The statistic of how often each of 16 stands at each place; as chi-square with 15² degrees of freedom. */
  const ofPlaces = (placesAt: (draw: number) => ArrayLike<number>): number => {
    const counts = new Float64Array(16 * 16)
    for (let draw = 0; draw < DRAWS; draw++)
      Array.from(placesAt(draw)).forEach((place, i) => counts[16 * i + place]!++)
    return (chiSquare(counts, DRAWS / 16) * 15) / 16
  }

  /** The rank of each of the 16 squares of two. */
  const ofSquares = (ranks: Uint16Array): number[] =>
    Array.from({ length: 16 }, (_, i) => ranks[16 * Math.floor(i / 4) + 2 * (i % 4)]!)

  test.each([
    ['flat', square('2')],
    ['in partitions', quarters],
  ])('every square stands at every place equally often, %s', (_, changes) => {
    const plan = planWith(changes)
    const statistic = ofPlaces((draw) => ofSquares(at(plan, draw).ranks))
    expect(statistic).toBeLessThan(bound(225))
    expect(statistic).toBeGreaterThan(225 - 5 * Math.sqrt(2 * 225))
  })

  test('the statistic finds a common mistake: swapping each with any other', () => {
    const biased = ofPlaces((draw) => {
      const random = randomAt(1, Stream.mask, 0, draw)
      const order = Array.from({ length: 16 }, (_, i) => i)
      for (let i = 0; i < 16; i++) {
        const j = random.below(16)
        ;[order[i], order[j]] = [order[j]!, order[i]!]
      }
      return order
    })
    expect(biased).toBeGreaterThan(2 * bound(225))
  })

  const ofFour = (orderAt: (draw: number) => readonly number[]): number => {
    const counts = new Map<string, number>()
    for (let draw = 0; draw < DRAWS; draw++) {
      const order = orderAt(draw).join()
      counts.set(order, (counts.get(order) ?? 0) + 1)
    }
    expect(counts.size).toBe(24)
    return chiSquare([...counts.values()], DRAWS / 24)
  }

  test('all 24 orders of four squares are equally frequent', () => {
    const plan = planWith(square('4'))
    const corners = [0, 4, 32, 36]
    expect(ofFour((draw) => corners.map((token) => at(plan, draw).ranks[token]!))).toBeLessThan(
      bound(23),
    )
  })

  test('and so are those of four partitions, and of the squares within one', () => {
    const plan = planWith(quarters)
    expect(
      ofFour((draw) => [0, 4, 32, 36].map((token) => at(plan, draw).partitions![token]!)),
    ).toBeLessThan(bound(23))
    expect(
      ofFour((draw) => [0, 2, 16, 18].map((token) => at(plan, draw).ranks[token]! % 4)),
    ).toBeLessThan(bound(23))
  })
})

describe('raster order', () => {
  const raster = (changes: Partial<SegmentSettings>, image = 0) =>
    at(planWith({ ...changes, segmentOrder: 'raster' }), image)
  const numbers = (below: number): number[] => Array.from({ length: below }, (_, i) => i)

  test('goes row by row', () => {
    expect([...raster({}).ranks]).toEqual(numbers(64))
    const { ranks } = raster(square('4'))
    expect([ranks[0], ranks[4], ranks[32], ranks[36]]).toEqual([0, 1, 2, 3])
  })

  test('goes partition by partition', () => {
    const { ranks } = raster(quarters)
    const rows = [0, 16, 32, 48].map((row) => [0, 2, 4, 6].map((column) => ranks[row + column]))
    expect(rows).toEqual([
      [0, 1, 4, 5],
      [2, 3, 6, 7],
      [8, 9, 12, 13],
      [10, 11, 14, 15],
    ])
  })

  test('goes by the first patch of every blob', () => {
    for (let image = 0; image < 20; image++) {
      const { ranks, segments } = raster(blobs(11), image)
      expect([...new Set(ranks)]).toEqual(numbers(segments))
    }
  })
})

describe('shuffled patches', () => {
  test.each([
    ['squares', square('2')],
    ['squares in partitions', quarters],
    ['blobs', blobs(7)],
    ['blobs in partitions', blobs(11, 5)],
  ])('%s keep number and sizes of segments and partitions', (_, changes) => {
    for (let image = 0; image < 20; image++) {
      const coherent = at(planWith(changes), image)
      const shuffled = at(planWith({ ...changes, shuffleSegments: true }), image)
      expect(shuffled.segments).toBe(coherent.segments)
      const pairs = ({ ranks, partitions }: typeof coherent): string[] =>
        Array.from(ranks, (rank, token) => `${rank} in ${partitions?.[token]}`)
      expect(pairs(shuffled).sort()).toEqual(pairs(coherent).sort())
      expect(pairs(shuffled)).not.toEqual(pairs(coherent))
    }
  })

  test('lie anywhere, evenly', () => {
    const plan = planWith({ ...square('4'), segmentOrder: 'raster', shuffleSegments: true })
    const draws = 2000
    const first = new Float64Array(64)
    for (let image = 0; image < draws; image++)
      at(plan, image).ranks.forEach((rank, token) => (first[token]! += Number(rank === 0)))
    for (const count of first)
      expect(Math.abs(count / draws - 0.25)).toBeLessThan(5 * Math.sqrt((0.25 * 0.75) / draws))
  })
})

describe('the ranks of a batch', () => {
  const address = [7, Stream.mask, 9] as const
  const rowsOf = (changes: Partial<SegmentSettings>, batch: number): string[] => {
    const plan = planWith(changes)
    const tokens = plan.grid ** 2
    const all = drawRanks(plan, address, batch)
    return Array.from({ length: batch }, (_, i) => all.slice(i * tokens, (i + 1) * tokens).join())
  }

  test('are those of its images, in a batch of any size', () => {
    const plan = planWith(blobs(11, 5))
    const rows = rowsOf(blobs(11, 5), 5)
    rows.forEach((row, image) => {
      const random = randomAt(7, Stream.mask, 9, image)
      expect(row).toBe(drawSerialisation(plan, random).ranks.join())
    })
    expect(new Set(rows).size).toBe(5)
    expect(rowsOf(blobs(11, 5), 2)).toEqual(rows.slice(0, 2))
  })

  test('are the same for all images where they share one draw, that of the first', () => {
    for (const changes of [square('2'), blobs(11), { shuffleSegments: true }]) {
      const rows = rowsOf({ ...changes, orderScope: 'batch' }, 4)
      expect(new Set(rows).size).toBe(1)
      expect(rows[0]).toBe(rowsOf(changes, 1)[0])
      const plan = planWith({ ...changes, orderScope: 'batch' })
      expect(at(plan, 3, 7, 9).ranks.join()).toBe(rows[0])
    }
  })

  test('travel in bytes while they fit', () => {
    const plan = planWith({ patchSize: '2' })
    expect(drawRanks(plan, address, 2)).toBeInstanceOf(Uint8Array)
    expect(Math.max(...drawRanks(plan, address, 2))).toBe(255)
    const pixels = drawRanks(planWith({ patchSize: '1' }), address, 1)
    expect(pixels).toBeInstanceOf(Float32Array)
    expect(Math.max(...pixels)).toBe(1023)
  })
})
