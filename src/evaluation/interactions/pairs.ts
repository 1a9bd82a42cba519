import type { RandomSequence } from '../../engine/random.ts'

/** Two cells, numbered row by row; the lower number first. */
export type Pair = readonly [number, number]

/** The cells of a pair are at most so many rows and columns apart. */
const REACH = 2

/** All pairs of so many cells, in lexicographic order. */
export const allPairs = (cells: number): readonly Pair[] =>
  Array.from({ length: cells }, (_, i) =>
    Array.from({ length: cells - 1 - i }, (__, k): Pair => [i, i + 1 + k]),
  ).flat()

/** Offsets from a cell to those after it that are near, in the order of their numbers. */
const OFFSETS = Array.from({ length: REACH + 1 }, (_, row) =>
  Array.from({ length: 2 * REACH + 1 }, (__, column) => [row, column - REACH] as const),
)
  .flat()
  .filter(([row, column]) => row > 0 || column > 0)

/** The pairs whose cells are near each other on a grid, in lexicographic order. */
function* nearPairs(grid: number): Generator<Pair> {
  for (let row = 0; row < grid; row++)
    for (let column = 0; column < grid; column++)
      for (const [down, right] of OFFSETS) {
        const [below, beside] = [row + down, column + right]
        if (below < grid && beside >= 0 && beside < grid)
          yield [row * grid + column, below * grid + beside]
      }
}

/**
 * Different pairs of near cells as the published code draws them: a cell, and another one at a random offset of up to two
 * rows and columns, clamped to the grid; drawn again when it is the same cell or the pair is there. All near pairs, in
 * order, where there are no more than are wanted.
 * @param grid cells a row and a column, at least 2
 */
export function drawPairs(grid: number, wanted: number, random: RandomSequence): readonly Pair[] {
  const near = [...nearPairs(grid)]
  if (near.length <= wanted) return near
  const pairs = new Map<number, Pair>()
  const moved = (at: number): number =>
    Math.min(Math.max(at + random.below(2 * REACH + 1) - REACH, 0), grid - 1)
  while (pairs.size < wanted) {
    const cell = random.below(grid ** 2)
    const other = moved(Math.floor(cell / grid)) * grid + moved(cell % grid)
    const [i, j] = [Math.min(cell, other), Math.max(cell, other)]
    if (i !== j) pairs.set(i * grid ** 2 + j, [i, j])
  }
  return [...pairs.values()]
}
