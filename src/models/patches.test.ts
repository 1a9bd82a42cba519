import * as tf from '@tensorflow/tfjs'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { Engine } from '../engine/engine.ts'
import { take, valueAndGradients } from '../engine/testing/run.ts'
import { patchify, pixelShuffle, spreadToPixels, unpatchify } from './patches.ts'

let engine: Engine
beforeAll(async () => {
  engine = await Engine.open(navigator.gpu)
})
afterAll(() => engine.dispose())

const counted = (...shape: number[]): tf.Tensor =>
  tf
    .range(
      0,
      shape.reduce((a, b) => a * b),
    )
    .reshape(shape)

test.each([
  [2, 8, 2, 3],
  [1, 12, 4, 1],
  [3, 6, 6, 2],
])('unpatchify undoes patchify: %i images of %i, patches of %i, %i channels', async (...sizes) => {
  const [batch, side, patch, channels] = sizes
  const images = counted(batch, side, side, channels) as tf.Tensor4D
  const patches = patchify(images, patch)
  expect(patches.shape).toEqual([batch, (side / patch) ** 2, channels * patch * patch])
  const back = unpatchify(patches, patch)
  expect(back.shape).toEqual(images.shape)
  expect(await take(back)).toEqual(await take(images))
})

test('a patch is flattened as (channel, row, column), patches row by row', async () => {
  const images = counted(1, 4, 4, 2) as tf.Tensor4D
  const pixel = (row: number, column: number, channel: number): number =>
    2 * (4 * row + column) + channel
  // The second patch: rows 0 and 1, columns 2 and 3.
  const second = await take(patchify(images, 2).slice([0, 1, 0], [1, 1, 8]))
  expect([...second]).toEqual(
    [0, 1].flatMap((c) => [pixel(0, 2, c), pixel(0, 3, c), pixel(1, 2, c), pixel(1, 3, c)]),
  )
})

test("P1 pixel shuffle takes channels in torch's order", async () => {
  const shuffled = pixelShuffle(counted(1, 1, 1, 12) as tf.Tensor4D, 2)
  const first = await take(shuffled.slice([0, 0, 0, 0], [1, 2, 2, 1]))
  expect([...first]).toEqual([0, 1, 2, 3])
})

test('pixel shuffle spreads a map that is not square, and its gradient gathers it again', async () => {
  const shape = [2, 3, 2, 8]
  const data = Float32Array.from({ length: 96 }, (_, i) => i)
  const { value, gradients } = await valueAndGradients(
    (cells) => pixelShuffle(cells as tf.Tensor4D, 2).square(),
    [{ shape, data }],
  )
  expect(value).toHaveLength(96)
  expect(gradients[0]).toEqual(data.map((entry) => 2 * entry))
})

test('a number for a patch becomes one for each of its pixels', async () => {
  const spread = spreadToPixels(tf.tensor2d([1, 2, 3, 4, 5, 6, 7, 8], [2, 4]), 3)
  expect(spread.shape).toEqual([2, 6, 6, 1])
  const expected = Array.from({ length: 72 }, (_, i) => {
    const [b, y, x] = [Math.floor(i / 36), Math.floor(i / 6) % 6, i % 6]
    return 1 + 4 * b + 2 * Math.floor(y / 3) + Math.floor(x / 3)
  })
  expect([...(await take(spread))]).toEqual(expected)
})
