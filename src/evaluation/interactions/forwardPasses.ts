import type { SettingValues } from '../../settings/rows.ts'
import { contextsUpTo } from './contexts.ts'
import { interactionOrders, type OrderCount } from './orders.ts'

/** The largest grid, cells a row and a column, of which every subset of cells can be shown. */
export const MOST_EXACT = 4

/** Cells of a pair are at most so many rows and columns apart: half of the offsets, each pair once. */
const OFFSETS = [
  ...[1, 2].map((column) => [0, column] as const),
  ...[1, 2].flatMap((row) => [-2, -1, 0, 1, 2].map((column) => [row, column] as const)),
]

/** Pairs of near cells of a grid. */
const pairsOfGrid = (grid: number): number =>
  OFFSETS.reduce(
    (sum, [row, column]) => sum + Math.max(grid - row, 0) * Math.max(grid - Math.abs(column), 0),
    0,
  )

/**
 * Masked images that each network classifies when interactions are measured with these settings: known before anything
 * is drawn. The settings of the evaluation alone count. Null where all subsets are wanted of a grid that has too many.
 */
export function forwardPasses(values: SettingValues): number | null {
  const grid = Number(values.interactionGrid)
  const images = Number(values.interactionImages)
  if (values.interactionExact === true) return grid > MOST_EXACT ? null : images * 2 ** (grid ** 2)
  const others = grid ** 2 - 2
  const pairs = Math.min(Number(values.interactionPairs), pairsOfGrid(grid))
  const contexts = interactionOrders(grid ** 2, values.interactionOrders as OrderCount).reduce(
    (sum, order) => sum + contextsUpTo(others, order, Number(values.interactionContexts)),
    0,
  )
  return 4 * images * pairs * contexts
}
