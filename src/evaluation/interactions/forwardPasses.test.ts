import { expect, test } from 'vitest'
import { defaultsOf } from '../../settings/rows.ts'
import { evaluationTable } from '../../settings/evaluation.ts'
import { forwardPasses } from './forwardPasses.ts'
import { interactionOrders, type OrderCount } from './orders.ts'
import { allSubsets, drawnSample } from './sampling.ts'

const usual = defaultsOf(evaluationTable)

test('as many passes as the sample has rows, whatever the grid', () => {
  for (const grid of [2, 4, 8, 16])
    for (const orders of ['7', '13'] satisfies OrderCount[])
      for (const [pairs, contexts] of [
        [1, 2],
        [8, 16],
        [200, 100],
      ] as const) {
        const { rows } = drawnSample({
          ...{ seed: 3, grid, pairs, contexts },
          orders: interactionOrders(grid ** 2, orders),
        })
        const values = {
          ...{ ...usual, interactionGrid: String(grid), interactionOrders: orders },
          ...{ interactionImages: 6, interactionPairs: pairs, interactionContexts: contexts },
        }
        expect(forwardPasses(values)).toBe(6 * rows)
      }
})

test('every subset is shown where all are wanted, on small grids alone', () => {
  const exact = { ...usual, interactionExact: true, interactionImages: 3 }
  for (const grid of [2, 4])
    expect(forwardPasses({ ...exact, interactionGrid: String(grid) })).toBe(
      3 * allSubsets(grid ** 2, []).rows,
    )
  expect(forwardPasses({ ...exact, interactionGrid: '8' })).toBeNull()
})

test('the usual budget, of which the ends of the curve need one context each', () => {
  expect(forwardPasses(usual)).toBe(4 * 8 * 8 * (5 * 16 + 2))
})
