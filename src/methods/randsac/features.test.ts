import * as tf from '@tensorflow/tfjs'
import { afterAll, beforeAll, expect, test } from 'vitest'
import type { Parameters } from '../../engine/parameters.ts'
import { noise, worstError } from '../../engine/testing/noise.ts'
import { useEngine } from '../../engine/testing/opCase.ts'
import { take, upload } from '../../engine/testing/run.ts'
import { presetValues } from '../../settings/selection.ts'
import type { FeatureRequest } from '../method.ts'
import { networkConfig } from './config.ts'
import { randsac } from './description.ts'
import { features } from './features.ts'
import { RandsacNetwork } from './network.ts'
import { representations } from './representations.ts'
import type { RandsacSettings } from './settings.ts'
import { livelyParameters } from './testing/networks.ts'

const engine = useEngine()

const settings: RandsacSettings = {
  ...(presetValues(randsac, 'tiny') as RandsacSettings),
  patchSize: '8',
  width: 12,
  heads: 3,
  decoderDepth: 1,
}
const IMAGES = 2
const CELLS = 16
const WIDTH = 12

let parameters: Parameters
beforeAll(() => {
  parameters = livelyParameters(engine(), networkConfig(settings))
})
afterAll(() => parameters.dispose())

const pixels = noise([IMAGES, 32, 32, 3], 1)

/** The same images with other pixels in one cell of 8 × 8. */
function disturbed(cell: number): tf.Tensor4D {
  const data = Float32Array.from(pixels.data)
  for (let i = 0; i < data.length; i++) {
    const pixel = Math.floor(i / 3) % 1024
    const of = 4 * Math.floor(pixel / 256) + Math.floor((pixel % 32) / 8)
    if (of === cell) data[i]! += 1
  }
  return upload({ ...pixels, data })
}

/** Features by representation, and the tokens, on the host. */
async function look(
  request: FeatureRequest,
  images: () => tf.Tensor4D = () => upload(pixels),
  of = settings,
) {
  const [tokens, ...rows] = tf.tidy(() => {
    const made = features(of, images(), parameters, request)
    return [made.tokens!, ...made.features]
  })
  const tokenShape = tokens.shape
  const found = new Map<string, Float32Array>()
  for (const [i, id] of request.wanted.entries()) found.set(id, await take(rows[i]!))
  return { found, tokens: await take(tokens), tokenShape }
}

const ids = representations(settings).map(({ id }) => id)

test('one representation is watched, and it is the one to evaluate', () => {
  const [tokens, ...blocks] = representations(settings)
  expect(tokens).toMatchObject({
    id: 'tokens',
    online: true,
    recommendedFor: ['knn', 'linear', 'finetune'],
  })
  expect(blocks.map(({ id, online }) => [id, online])).toEqual([
    ['layer1', false],
    ['layer2', false],
  ])
})

test('every representation is the mean of the tokens of its block, in the order that was asked for', async () => {
  const { found, tokenShape } = await look({ wanted: [...ids].reverse() })
  expect([...found.keys()]).toEqual([...ids].reverse())
  expect(tokenShape).toEqual([IMAGES, CELLS, WIDTH])
  const outputs = tf.tidy(() => {
    const blocks: tf.Tensor[] = []
    const network = new RandsacNetwork(networkConfig(settings), parameters)
    network.encode(upload(pixels), { afterBlock: (tokens) => blocks.push(tokens) })
    return blocks
  })
  for (const [block, id] of ['layer1', 'layer2', 'tokens'].entries()) {
    const tokens = await take(outputs[block]!)
    const means = Float32Array.from({ length: IMAGES * WIDTH }, (_, i) => {
      const [image, channel] = [Math.floor(i / WIDTH), i % WIDTH]
      let sum = 0
      for (let cell = 0; cell < CELLS; cell++)
        sum += tokens[(image * CELLS + cell) * WIDTH + channel]!
      return sum / CELLS
    })
    expect(worstError(found.get(id)!, means), id).toBeLessThan(1e-5)
  }
})

test('every token sees every other, whatever the scheme of training', async () => {
  const { tokens } = await look({ wanted: [] })
  for (const cell of [0, CELLS - 1]) {
    const { tokens: others } = await look({ wanted: [] }, () => disturbed(cell))
    for (let row = 0; row < IMAGES * CELLS; row++) {
      const part = (of: Float32Array) => of.subarray(row * WIDTH, (row + 1) * WIDTH)
      expect(worstError(part(others), part(tokens)), `token ${row}`).toBeGreaterThan(1e-4)
    }
  }
  const mistaken = { ...settings, maskMistake: 'offByOne', segmentOrder: 'raster' } as const
  expect((await look({ wanted: [] }, undefined, mistaken)).tokens).toEqual(tokens)
})

test('only the patches that are kept are seen', async () => {
  const kept = tf.tensor1d([1, 10, 15, 3])
  const { found, tokenShape } = await look({ wanted: ids, kept })
  expect(tokenShape).toEqual([IMAGES, 4, WIDTH])
  expect((await look({ wanted: ids, kept }, () => disturbed(0))).found).toEqual(found)
  const { found: others } = await look({ wanted: ids, kept }, () => disturbed(10))
  for (const id of ids)
    expect(worstError(others.get(id)!, found.get(id)!), id).toBeGreaterThan(1e-3)
  kept.dispose()
})

test('positions that are shuffled or removed change the features; the true ones do not', async () => {
  const { found: usual } = await look({ wanted: ids })
  const order = Array.from({ length: CELLS }, (_, cell) => cell)
  const error = async (positions: tf.Tensor1D | 'removed') => {
    const { found } = await look({ wanted: ids, positions })
    if (positions !== 'removed') positions.dispose()
    return worstError(found.get('tokens')!, usual.get('tokens')!)
  }
  expect(await error(tf.tensor1d(order))).toBeLessThan(1e-6)
  expect(await error(tf.tensor1d([...order].reverse()))).toBeGreaterThan(1e-2)
  expect(await error('removed')).toBeGreaterThan(1e-2)
})
