import * as tf from '@tensorflow/tfjs'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { Engine } from '../engine/engine.ts'
import { randomAt, Stream } from '../engine/random.ts'
import { take, upload, valueAndGradients } from '../engine/testing/run.ts'
import { relativeBias } from './relativePositions.ts'
import { relativeTableSize } from './relativeTable.ts'
import { relativeIndex } from './testing/reference.ts'

let engine: Engine
beforeAll(async () => {
  engine = await Engine.open(navigator.gpu)
})
afterAll(() => engine.dispose())

const noise = (count: number, seed: number): Float32Array => {
  const random = randomAt(seed, Stream.samples)
  return Float32Array.from({ length: count }, () => random.normal())
}

test('the table has an entry for every offset and three for the class token', () => {
  expect([1, 2, 3, 8].map(relativeTableSize)).toEqual([4, 12, 28, 228])
})

test.each([
  [1, 2],
  [2, 1],
  [3, 4],
  [8, 3],
])('the bias of a grid of %i with %i heads is looked up in the table', async (grid, heads) => {
  const entries = relativeTableSize(grid)
  const tokens = grid * grid + 1
  const table = { shape: [entries, heads], data: noise(entries * heads, 1) }
  const dy = { shape: [heads, tokens, tokens], data: noise(heads * tokens * tokens, 2) }
  const { value, gradients } = await valueAndGradients(
    (t) => relativeBias(t as tf.Tensor2D, grid),
    [table],
    dy,
  )
  const index = relativeIndex(grid)
  const gradient = new Float64Array(entries * heads)
  value.forEach((bias, i) => {
    const head = Math.floor(i / tokens / tokens)
    const entry = index[i % (tokens * tokens)]! * heads + head
    expect(bias).toBe(table.data[entry])
    gradient[entry]! += dy.data[i]!
  })
  gradient.forEach((sum, i) => expect(gradients[0]![i]).toBeCloseTo(sum, 4))
})

test('its gradient has the same bits every time', async () => {
  const table = { shape: [228, 2], data: noise(456, 3) }
  const dy = { shape: [2, 65, 65], data: noise(2 * 65 * 65, 4) }
  const once = () => valueAndGradients((t) => relativeBias(t as tf.Tensor2D, 8), [table], dy)
  const [first, second] = [await once(), await once()]
  expect(second.gradients[0]).toEqual(first.gradients[0])
})

test('a grid of 16 fits a modest device', async () => {
  const entries = relativeTableSize(16)
  const table = upload<tf.Rank.R2>({ shape: [entries, 1], data: noise(entries, 5) })
  const before = engine.memory().bytes
  const bias = tf.tidy(() => relativeBias(table, 16))
  expect(bias.shape).toEqual([1, 257, 257])
  expect(engine.memory().bytes - before).toBeLessThan(4e6)
  await take(bias)
})
