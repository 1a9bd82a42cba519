import * as tf from '@tensorflow/tfjs'
import { afterAll, beforeAll, expect, test } from 'vitest'
import type { Parameters } from '../../engine/parameters.ts'
import { noise, worstError } from '../../engine/testing/noise.ts'
import { useEngine } from '../../engine/testing/opCase.ts'
import { take, upload } from '../../engine/testing/run.ts'
import { distanceBins } from './distanceBins.ts'
import { patchTargets } from '../patchTargets.ts'
import { tokenLosses } from './loss.ts'
import { RandsacNetwork, type RandsacConfig } from './network.ts'
import { randsacStep } from './step.ts'
import { livelyParameters, RAGGED, SMALL, SQUARES } from './testing/networks.ts'

const engine = useEngine()

let parameters: Parameters
beforeAll(() => {
  parameters = livelyParameters(engine())
})
afterAll(() => parameters.dispose())

const IMAGES = noise([3, 8, 8, 3], 5)
const GRID = 4
const form = { target: 'normalised' } as const

/** Loss and tables of a step, on the host. */
async function run(orders: readonly (readonly number[])[], config: RandsacConfig = SMALL) {
  const { loss, tables } = tf.tidy(() => {
    const ranks = tf.tensor2d(orders.map((order) => [...order]))
    const result = randsacStep(config, form, { images: upload(IMAGES), ranks }, parameters)
    expect(result.terms).toEqual({})
    // A parameter is handed on as it is: a copy may be disposed of.
    const copies = Object.entries(result.tables!).map(([key, table]) => [key, table.clone()])
    return { loss: result.loss, tables: Object.fromEntries(copies) as typeof result.tables }
  })
  const host: Record<string, { shape: number[]; values: number[] }> = {}
  for (const [key, table] of Object.entries(tables!))
    host[key] = { shape: table.shape, values: [...(await take(table))] }
  return { loss: (await take(loss))[0]!, tables: host }
}

/** Distance of a token to the nearest of a lower rank. */
const nearest = (ranks: readonly number[], token: number): number =>
  Math.min(
    ...ranks.flatMap((rank, other) => {
      const down = Math.floor(other / GRID) - Math.floor(token / GRID)
      return rank < ranks[token]! ? [Math.hypot(down, (other % GRID) - (token % GRID))] : []
    }),
  )

test('the losses of ranks and of distances are those of the tokens, added up', async () => {
  const orders = [SQUARES, RAGGED, SQUARES.map(() => 0)]
  const { loss, tables } = await run(orders)
  const losses = await take(
    tf.tidy(() => {
      const ranks = tf.tensor2d(orders)
      const predictions = new RandsacNetwork(SMALL, parameters).predict(upload(IMAGES), ranks)
      return tokenLosses(predictions, patchTargets(upload(IMAGES), SMALL.patchSize, form))
    }),
  )
  const bins = distanceBins(GRID)
  expect(bins).toBe(9)
  const byRank = new Float64Array(2 * 16)
  const byDistance = new Float64Array(2 * bins)
  orders.forEach((ranks, image) =>
    ranks.forEach((rank, token) => {
      if (rank === 0) return
      const own = losses[image * 16 + token]!
      const bin = Math.floor(2 * nearest(ranks, token))
      byRank[rank]! += own
      byRank[16 + rank]! += 1
      byDistance[bin]! += own
      byDistance[bins + bin]! += 1
    }),
  )
  expect(tables.rankLoss!.shape).toEqual([2, 16])
  expect(worstError(tables.rankLoss!.values, byRank)).toBeLessThan(1e-6)
  expect(tables.distanceLoss!.shape).toEqual([2, bins])
  expect(worstError(tables.distanceLoss!.values, byDistance)).toBeLessThan(1e-6)
  const total = byRank.subarray(0, 16).reduce((sum, value) => sum + value, 0)
  const count = byRank.subarray(16).reduce((sum, value) => sum + value, 0)
  expect(count).toBe(12 + 14)
  expect(loss).toBeCloseTo(total / count, 5)
})

test('images of one segment have no loss, and nothing falls into the tables', async () => {
  const { loss, tables } = await run([RAGGED, RAGGED, RAGGED].map((order) => order.map(() => 0)))
  expect(loss).toBe(0)
  for (const key of ['rankLoss', 'distanceLoss'])
    expect(
      tables[key]!.values.every((value) => value === 0),
      key,
    ).toBe(true)
})

test('the matrix of the mix is a table where there is one', async () => {
  const { tables } = await run([SQUARES, SQUARES, SQUARES])
  const matrix = [...(await parameters.get('skip_connection.weight').data())]
  expect(tables.skip).toEqual({ shape: [2, 3], values: matrix })
  const without = await run([SQUARES, SQUARES, SQUARES], { ...SMALL, skip: false })
  expect(Object.keys(without.tables)).toEqual(['rankLoss', 'distanceLoss'])
})
