import * as tf from '@tensorflow/tfjs'
import { describe, expect, it } from 'vitest'
import { Parameters } from '../engine/parameters.ts'
import { noise, worstError } from '../engine/testing/noise.ts'
import { useEngine } from '../engine/testing/opCase.ts'
import { take, upload } from '../engine/testing/run.ts'
import { referenceVit, type ReferenceView } from './testing/reference.ts'
import { Vit, vitParameters, type VitConfig, type VitOptions } from './vit.ts'

const engine = useEngine()

const SIDE = 6
const PATCH = 2
const CELLS = 9
const BATCH = 2

const plain: VitConfig = {
  imageSize: SIDE,
  patchSize: PATCH,
  width: 6,
  depth: 2,
  heads: 2,
  mlpWidth: 5,
  layerNormEpsilon: 1e-6,
  finalNorm: true,
  classToken: true,
  positions: 'learned',
  relativePositions: false,
  layerScale: 0,
  initialisation: 'truncatedNormal',
}
const relative = { ...plain, relativePositions: true }
const fixed: VitConfig = { ...plain, classToken: false, positions: 'sincos', width: 8 }
const IMAGES = noise([BATCH, SIDE, SIDE, 3], 1)
const ORDER = Array.from({ length: CELLS }, (_, cell) => (cell * 5 + 3) % CELLS)

/** Features [B, tokens, D] of images, with random weights, as the options that `view` makes say. */
async function featuresOf(
  config: VitConfig,
  view: () => VitOptions = () => ({}),
  images = IMAGES,
): Promise<Float32Array> {
  const parameters = new Parameters(engine(), randomSpecs(config))
  const vit = new Vit(config, parameters)
  const features = tf.tidy(() => vit.encode(vit.embed(upload<tf.Rank.R4>(images)), view()))
  const values = await take(features)
  parameters.dispose()
  return values
}

const randomSpecs = (config: VitConfig) =>
  vitParameters(config, 1).map((spec, i) => ({
    ...spec,
    initial: () => Float32Array.from(noise(spec.shape, 100 + i, 0.5).data),
  }))

/** The same in float64, all tokens: [B][tokens][D]. */
function reference(config: VitConfig, view: ReferenceView): number[][][] {
  const weights = new Map(
    randomSpecs(config).map(({ name, initial }) => [name, Float64Array.from(initial())]),
  )
  const size = IMAGES.data.length / BATCH
  return Array.from({ length: BATCH }, (_, b) => {
    const image = Float64Array.from(Array.from(IMAGES.data).slice(b * size, (b + 1) * size))
    const ones = new Array<number>(2 * config.depth).fill(1)
    return referenceVit(config, weights, image, ones, view).features.map((row) => [...row])
  })
}

describe.each([
  ['with a position table', plain],
  ['with relative positions, too', relative],
  ['without class token', { ...plain, classToken: false }],
  ['with sines and cosines alone', fixed],
])('a transformer %s', (_, config) => {
  const first = Number(config.classToken)

  it.each([[[0, 4, 5]], [[7]], [[8, 1, 6, 3]]])(
    'sees of cells %j what it sees where nobody attends to the others',
    async (kept) => {
      const actual = await featuresOf(config, () => ({ kept: tf.tensor1d(kept, 'float32') }))
      const hidden = Array.from({ length: CELLS }, (_, cell) => cell).filter(
        (cell) => !kept.includes(cell),
      )
      const expected = reference(config, { hidden }).flatMap((tokens) =>
        [...(first === 1 ? [0] : []), ...kept.map((cell) => cell + first)].flatMap(
          (token) => tokens[token]!,
        ),
      )
      expect(worstError(actual, expected)).toBeLessThan(1e-5)
    },
  )

  it('takes the rows of the position table in another order, and the relative bias as it is', async () => {
    const positions = () => tf.tensor1d(ORDER, 'float32')
    const actual = await featuresOf(config, () => ({ positions: positions() }))
    const expected = reference(config, { positions: ORDER }).flat(2)
    expect(worstError(actual, expected)).toBeLessThan(1e-5)
  })

  it('does without positions', async () => {
    const actual = await featuresOf(config, () => ({ positions: 'removed' }))
    const expected = reference(config, { positions: 'removed' }).flat(2)
    expect(worstError(actual, expected)).toBeLessThan(1e-5)
  })

  it('gives the same bits when all cells are kept in their places', async () => {
    const all = (): tf.Tensor1D => tf.range(0, CELLS, 1, 'float32')
    const shown = await featuresOf(config, () => ({ kept: all(), positions: all() }))
    expect(shown).toEqual(await featuresOf(config))
  })

  it('knows nothing of the order of the patches when positions are removed', async () => {
    const shuffled = { shape: IMAGES.shape, data: inOrder(IMAGES.data, ORDER) }
    const without = (): VitOptions => ({ positions: 'removed' })
    const [a, b] = [await featuresOf(config, without), await featuresOf(config, without, shuffled)]
    const token = (features: Float32Array, image: number, index: number): Float32Array => {
      const at = (image * (CELLS + first) + index) * config.width
      return features.subarray(at, at + config.width)
    }
    for (let image = 0; image < BATCH; image++) {
      if (first === 1) expect(worstError(token(b, image, 0), token(a, image, 0))).toBeLessThan(1e-5)
      ORDER.forEach((from, to) => {
        const error = worstError(token(b, image, to + first), token(a, image, from + first))
        expect(error).toBeLessThan(1e-5)
      })
    }
    expect(worstError(await featuresOf(config, undefined, shuffled), b)).toBeGreaterThan(1e-2)
  })
})

/** Images whose cell `to` shows what cell `order[to]` showed. */
function inOrder(pixels: ArrayLike<number>, order: readonly number[]): Float32Array {
  const grid = SIDE / PATCH
  return Float32Array.from({ length: pixels.length }, (_, i) => {
    const [channel, x, y] = [i % 3, Math.floor(i / 3) % SIDE, Math.floor(i / 3 / SIDE) % SIDE]
    const image = Math.floor(i / 3 / SIDE / SIDE)
    const from = order[Math.floor(y / PATCH) * grid + Math.floor(x / PATCH)]!
    const [fromY, fromX] = [Math.floor(from / grid) * PATCH, (from % grid) * PATCH]
    const row = image * SIDE + fromY + (y % PATCH)
    return pixels[(row * SIDE + fromX + (x % PATCH)) * 3 + channel]!
  })
}
