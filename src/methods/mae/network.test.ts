import * as tf from '@tensorflow/tfjs'
import { afterAll, beforeAll, expect, test } from 'vitest'
import type { Parameters } from '../../engine/parameters.ts'
import { noise, worstError } from '../../engine/testing/noise.ts'
import { useEngine } from '../../engine/testing/opCase.ts'
import { take, upload } from '../../engine/testing/run.ts'
import { MaeNetwork, NOWHERE } from './network.ts'
import { allParameters, livelyParameters, SMALL } from './testing/networks.ts'

const engine = useEngine()

let parameters: Parameters
beforeAll(() => {
  parameters = livelyParameters(engine())
})
afterAll(() => parameters.dispose())

const CELLS = 16
const NUMBERS = 12
const IMAGES = noise([2, 8, 8, 3], 5)
const REAL = [
  [3, 11, 0, 14],
  [8, 2, 5, 9],
]
/** The second token of the first image claims a cell that is masked. */
const CLAIMED = [
  [3, 7, 0, 14],
  [8, 2, 5, 9],
]

/** Paints images that show some cells, of which the decoder gets some. */
function paint(real: number[][], claimed = real, handed = real, images = IMAGES) {
  return take(
    tf.tidy(() => {
      const network = new MaeNetwork(SMALL, parameters)
      const shown = { real: tf.tensor2d(real), claimed: tf.tensor2d(claimed) }
      return network.decode(network.encode(upload(images), shown), tf.tensor2d(handed))
    }),
  )
}

/** The images with the pixels of the cells that are not shown replaced. */
function withOtherMasked(): typeof IMAGES {
  const other = noise(IMAGES.shape, 6)
  const data = Float64Array.from(IMAGES.data, (value, i) => {
    const [image, pixel] = [Math.floor(i / 192), Math.floor((i % 192) / 3)]
    const cell = Math.floor(pixel / 16) * 4 + Math.floor((pixel % 8) / 2)
    return REAL[image]!.includes(cell) ? value : other.data[i]!
  })
  return { ...IMAGES, data }
}

test('paints every patch, from visible pixels alone', async () => {
  const painted = await paint(REAL, CLAIMED)
  expect(painted).toHaveLength(2 * CELLS * NUMBERS)
  expect(await paint(REAL, CLAIMED, REAL, withOtherMasked())).toEqual(painted)
  const moved = Array.from(IMAGES.data, (value) => value + 0.1)
  const other = await paint(REAL, CLAIMED, REAL, { ...IMAGES, data: moved })
  expect(worstError(other, painted)).toBeGreaterThan(1e-3)
})

test('the order of the tokens means nothing: the decoder puts them at their true cells', async () => {
  const painted = await paint(REAL, CLAIMED)
  const turned = (rows: number[][]) => rows.map((row) => [...row].reverse())
  const shuffled = await paint(turned(REAL), turned(CLAIMED))
  expect(worstError(shuffled, painted)).toBeLessThan(2e-5)
})

test('a wrong claim changes what is painted, in its own image alone', async () => {
  const [honest, wrong] = [await paint(REAL), await paint(REAL, CLAIMED)]
  const half = CELLS * NUMBERS
  expect(worstError(wrong.subarray(0, half), honest.subarray(0, half))).toBeGreaterThan(1e-3)
  expect(wrong.subarray(half)).toEqual(honest.subarray(half))
})

test('a patch that is handed nowhere is a masked one to the decoder', async () => {
  const without = REAL.map((row, image) =>
    image === 0 ? [row[0]!, NOWHERE, row[2]!, row[3]!] : row,
  )
  const painted = await paint(REAL, CLAIMED, without)
  const [some, all] = [painted, await paint(REAL, CLAIMED)]
  const half = CELLS * NUMBERS
  expect(worstError(some.subarray(0, half), all.subarray(0, half))).toBeGreaterThan(1e-3)
  expect(some.subarray(half)).toEqual(all.subarray(half))
})

test('decoder blocks do not begin as copies of the encoder’s', () => {
  const same = { ...SMALL, decoder: { ...SMALL, depth: 1 } }
  const initial = new Map(allParameters(same, 1).map(({ name, initial }) => [name, [...initial()]]))
  const name = 'blocks.0.attn.qkv.weight'
  expect(initial.get(`decoder_${name}`)).toHaveLength(initial.get(name)!.length)
  expect(initial.get(`decoder_${name}`)).not.toEqual(initial.get(name))
})
