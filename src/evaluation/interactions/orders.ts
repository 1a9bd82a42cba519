/** The published orders, as shares of the other cells that are shown; seven of them go evenly over the curve. */
const RATIOS = {
  '7': [0, 0.1, 0.3, 0.5, 0.7, 0.9, 1],
  '13': [0, 0.05, 0.1, 0.2, 0.3, 0.4, 0.5, 0.6, 0.7, 0.8, 0.9, 0.95, 1],
} as const

/** How many shares are measured. */
export type OrderCount = keyof typeof RATIOS

/** The orders m = trunc((cells − 2) · share) of every share, rising; small grids repeat some. */
export const ordersOfShares = (cells: number, count: OrderCount): readonly number[] =>
  RATIOS[count].map((share) => Math.trunc((cells - 2) * share))

/** The orders that are measured, each once, rising: how many other cells are shown beside a pair. */
export const interactionOrders = (cells: number, count: OrderCount): readonly number[] => [
  ...new Set(ordersOfShares(cells, count)),
]
