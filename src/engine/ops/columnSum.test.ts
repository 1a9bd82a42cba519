import * as tf from '@tensorflow/tfjs'
import { expect, it } from 'vitest'
import { countDispatches } from '../testing/dispatches.ts'
import { noise, worstError } from '../testing/noise.ts'
import { useEngine } from '../testing/opCase.ts'
import { take, upload } from '../testing/run.ts'
import { TOLERANCES } from '../testing/tolerances.ts'
import { columnSum } from './columnSum.ts'
import { sumLayers } from './sumLayers.ts'

useEngine()

/** Sums of `count` blocks of `width` values that follow each other. */
function sums(data: ArrayLike<number>, width: number): Float64Array {
  const result = new Float64Array(width)
  for (let i = 0; i < data.length; i++) result[i % width]! += data[i]!
  return result
}

it.each([
  { rows: 1, width: 1, cost: 1 },
  { rows: 64, width: 70, cost: 1 },
  { rows: 65, width: 7, cost: 2 },
  { rows: 2081, width: 193, cost: 2 },
])('columnSum of [$rows,$width] in $cost dispatches', async ({ rows, width, cost }) => {
  const matrix = noise([rows, width], 1)
  const tensor = upload<tf.Rank.R2>(matrix)
  const dispatches = countDispatches(() => columnSum(tensor).dispose())
  const actual = await take(columnSum(tensor))
  tensor.dispose()
  expect(worstError(actual, sums(matrix.data, width))).toBeLessThan(TOLERANCES.default.value)
  expect(dispatches).toBe(cost)
})

it.each([
  [[[7, 5, 3]]],
  [
    [
      [3, 65, 9],
      [3, 11],
    ],
  ],
  [
    [
      [1, 2],
      [1, 3, 1],
    ],
  ],
])('sumLayers of %j in one dispatch', async (shapes) => {
  const stacks = shapes.map((shape, i) => noise(shape, i))
  const tensors = stacks.map((stack) => upload(stack))
  expect(countDispatches(() => tf.dispose(sumLayers(tensors)))).toBe(1)
  const results = sumLayers(tensors)
  tf.dispose(tensors)
  expect(results.map(({ shape }) => shape)).toEqual(shapes.map((shape) => shape.slice(1)))
  for (const [i, result] of results.entries()) {
    const expected = sums(stacks[i]!.data, result.size)
    expect(worstError(await take(result), expected)).toBeLessThan(TOLERANCES.default.value)
  }
})
