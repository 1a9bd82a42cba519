import { describe, expect, test } from 'vitest'
import type { Painter } from '../../painting.ts'
import { everyPixel, patchOf } from '../../testing/samples.ts'
import type { Serialisation } from '../segments/serialisation.ts'
import { pixelwise } from '../../painting.ts'
import { hatched, segmentPainter } from './painters.ts'
import { rankColour } from './rankColours.ts'

/** 4 × 4 cells of 8 pixels; two segments on the left, two on the right. */
const order: Serialisation = {
  ranks: Uint16Array.of(1, 1, 3, 3, 1, 1, 3, 3, 0, 0, 2, 2, 0, 0, 2, 2),
  segments: 4,
  partitions: null,
}
const parted: Serialisation = { ...order, partitions: order.ranks.map((rank) => rank >> 1) }

const grey =
  (level: number): Painter =>
  () =>
    level

const at = (x: number, y: number): number => 32 * y + x

/** Where a painter draws darker than the plain tint of the pixel's rank over grey. */
const linesOf = (drawn: Serialisation, side: number): number[] => {
  const painter = segmentPainter(grey(100), drawn, side)
  return everyPixel.filter((pixel) => {
    const rank = drawn.ranks[patchOf(pixel, side)]!
    const plain = [0, 1, 2].map((c) => 0.7 * rankColour(rank, drawn.segments)[c]! + 30)
    const shares = plain.map((value, c) => painter(c, pixel) / value)
    expect(Math.max(...shares) - Math.min(...shares)).toBeLessThan(1e-12)
    expect([0.4, 1].some((share) => Math.abs(shares[0]! - share) < 1e-12)).toBe(true)
    return shares[0]! < 0.9
  })
}

test('a number of every cell at its pixels', () => {
  const cells = pixelwise(
    Uint16Array.from({ length: 16 }, (_, cell) => cell),
    8,
  )
  expect(everyPixel.filter((pixel) => cells(pixel) !== patchOf(pixel, 8))).toEqual([])
})

describe('segments', () => {
  test('are tinted by rank, parted by thin lines right of and below each other', () => {
    const expected = everyPixel.filter((pixel) => pixel % 32 === 16 || pixel >> 5 === 16)
    expect(linesOf(order, 8)).toEqual(expected)
  })

  test('show the brightness of the image', () => {
    const painter = segmentPainter((channel) => [10, 20, 60][channel]!, order, 8)
    expect(painter(1, at(0, 31))).toBeCloseTo(0.7 * rankColour(0, 4)[1] + 0.3 * 30, 10)
  })

  test('of a hierarchy: thick lines between partitions', () => {
    const expected = everyPixel.filter((pixel) => {
      const [x, y] = [pixel % 32, pixel >> 5]
      return x === 16 || y === 16 || x === 15
    })
    expect(linesOf(parted, 8)).toEqual(expected)
  })

  test('have lines as long as they have room for them', () => {
    const single = (side: number): number => {
      const segments = (32 / side) ** 2
      const ranks = Uint16Array.from({ length: segments }, (_, cell) => cell)
      return linesOf({ ranks, segments, partitions: ranks }, side).length
    }
    expect(single(4)).toBeGreaterThan(0)
    expect([single(2), single(1)]).toEqual([0, 0])
  })
})

test('hatching is seen on dark and on light, and lies where it is wanted', () => {
  const left = (pixel: number): boolean => pixel % 32 < 16
  for (const [level, line] of [
    [10, 157],
    [240, 96],
  ] as const) {
    const painter = hatched(grey(level), left)
    const drawn = everyPixel.filter((pixel) => painter(2, pixel) !== level)
    expect(drawn).toEqual(
      everyPixel.filter((pixel) => left(pixel) && ((pixel % 32) + (pixel >> 5)) % 4 === 0),
    )
    expect(painter(0, drawn[0]!)).toBeCloseTo(line, 10)
  }
})
