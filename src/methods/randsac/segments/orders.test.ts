import { expect, test } from 'vitest'
import { byFirstToken, gathered, numbersAt, placesIn } from './orders.ts'
import { squareSegments } from './squares.ts'

/** Ranks of the tokens of square segments in an order, as rows of a grid. */
function rankGrid(grid: number, side: number, order: readonly number[]): number[][] {
  const { segmentOf } = squareSegments(grid, side, null)
  const ranks = [...numbersAt(placesIn(Uint16Array.from(order)), segmentOf)]
  return Array.from({ length: grid }, (_, row) => ranks.slice(row * grid, (row + 1) * grid))
}

test('12.1 ranks of squares of two in the order 2, 0, 3, 1', () => {
  expect(rankGrid(4, 2, [2, 0, 3, 1])).toEqual([
    [1, 1, 3, 3],
    [1, 1, 3, 3],
    [0, 0, 2, 2],
    [0, 0, 2, 2],
  ])
})

test('12.8 a hierarchy of 16 squares in the quarters of the image', () => {
  const quarters = squareSegments(8, 2, 2).partitionOf!
  expect([...quarters]).toEqual([0, 0, 1, 1, 0, 0, 1, 1, 2, 2, 3, 3, 2, 2, 3, 3])
  // Inner orders by quarter, numbered row by row within it; any order of all 16 that holds them will do.
  const inner = [
    [2, 1, 0, 3],
    [3, 2, 1, 0],
    [1, 0, 3, 2],
    [0, 3, 1, 2],
  ]
  const members = inner.map((_, quarter) =>
    [...quarters.keys()].filter((segment) => quarters[segment] === quarter),
  )
  const flat = [0, 1, 2, 3].flatMap((i) =>
    inner.map((order, quarter) => members[quarter]![order[i]!]!),
  )
  const order = gathered(Uint16Array.from(flat), quarters, Uint16Array.of(3, 0, 2, 1))
  expect([...order]).toEqual([10, 15, 11, 14, 4, 1, 0, 5, 9, 8, 13, 12, 7, 6, 3, 2])
  expect([...placesIn(order)]).toEqual([6, 5, 15, 14, 4, 7, 13, 12, 9, 8, 0, 2, 11, 10, 3, 1])
})

test('partitions of any sizes follow each other, each in the order that it had', () => {
  const partitionOf = Uint16Array.of(2, 0, 2, 1, 2, 0)
  const order = gathered(Uint16Array.of(5, 4, 3, 2, 1, 0), partitionOf, Uint16Array.of(1, 2, 0))
  expect([...order]).toEqual([3, 4, 2, 0, 5, 1])
})

test('segments by the first token that they have', () => {
  expect([...byFirstToken(Uint16Array.of(2, 2, 0, 2, 0, 1, 1), 3)]).toEqual([2, 0, 1])
  const { segmentOf, segments } = squareSegments(8, 2, null)
  expect([...byFirstToken(segmentOf, segments)]).toEqual(Array.from({ length: 16 }, (_, i) => i))
})
