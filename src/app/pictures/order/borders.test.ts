import { expect, test } from 'vitest'
import { squareRanks } from '../../../store/testing/orderPicture.ts'
import { bordersBetween, outlineOf } from './borders.ts'

/** The unit edges of a path, as "x y → x y". */
function unitEdges(path: string): string[] {
  return [...path.matchAll(/M(\d+) (\d+)([HV])(\d+)/g)].flatMap(([, x, y, direction, end]) => {
    const [left, top] = [Number(x), Number(y)]
    const start = direction === 'H' ? left : top
    return Array.from({ length: Number(end) - start }, (_, step) => {
      const at = start + step
      return direction === 'H'
        ? `${at} ${top} → ${at + 1} ${top}`
        : `${left} ${at} → ${left} ${at + 1}`
    })
  })
}

test('borders lie between cells of different groups, and edges in a row are one line', () => {
  expect(bordersBetween(squareRanks, 4)).toBe('M0 2H4M2 0V4')
  expect(bordersBetween([0, 0, 0, 0], 2)).toBe('')
})

test('where all cells differ, every inner edge is a border', () => {
  const ranks = Array.from({ length: 25 }, (_, cell) => cell)
  expect(unitEdges(bordersBetween(ranks, 5))).toHaveLength(2 * 4 * 5)
})

test('a ragged group has just the edges at which it ends', () => {
  // 1 1 0
  // 0 1 0
  // 0 0 1
  const groups = [1, 1, 0, 0, 1, 0, 0, 0, 1]
  expect(new Set(unitEdges(bordersBetween(groups, 3)))).toEqual(
    new Set([
      '0 1 → 1 1',
      '1 1 → 1 2',
      '1 2 → 2 2',
      '2 0 → 2 1',
      '2 1 → 2 2',
      '2 2 → 3 2',
      '2 2 → 2 3',
    ]),
  )
})

test('an outline is closed along the edge of the grid', () => {
  expect(new Set(unitEdges(outlineOf((cell) => squareRanks[cell] === 1, 4)))).toEqual(
    new Set([
      '0 0 → 1 0',
      '1 0 → 2 0',
      '0 2 → 1 2',
      '1 2 → 2 2',
      '0 0 → 0 1',
      '0 1 → 0 2',
      '2 0 → 2 1',
      '2 1 → 2 2',
    ]),
  )
  expect(outlineOf(() => false, 4)).toBe('')
})

test('a grid may have more columns than rows', () => {
  expect(outlineOf((cell) => cell === 2 || cell === 5, 3, 2)).toBe('M2 0H3M2 2H3M2 0V2M3 0V2')
})
