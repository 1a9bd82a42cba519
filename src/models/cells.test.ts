import * as tf from '@tensorflow/tfjs'
import { describe, expect, it } from 'vitest'
import { Parameters } from '../engine/parameters.ts'
import { noise, worstError } from '../engine/testing/noise.ts'
import { useEngine } from '../engine/testing/opCase.ts'
import { take, upload } from '../engine/testing/run.ts'
import { referenceVit, type ReferenceView, type Weights } from './testing/reference.ts'
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
const EVERY = Array.from({ length: CELLS }, (_, cell) => cell)
const ORDER = EVERY.map((cell) => (cell * 5 + 3) % CELLS)

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

const weightsOf = (config: VitConfig): Weights =>
  new Map(randomSpecs(config).map(({ name, initial }) => [name, Float64Array.from(initial())]))

/** The same in float64, all tokens: [B][tokens][D]. */
function reference(
  config: VitConfig,
  view: ReferenceView,
  weights = weightsOf(config),
  images = IMAGES,
): number[][][] {
  const size = images.data.length / BATCH
  return Array.from({ length: BATCH }, (_, b) => {
    const image = Float64Array.from(Array.from(images.data).slice(b * size, (b + 1) * size))
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
      const hidden = EVERY.filter((cell) => !kept.includes(cell))
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

/** What each image shows, and where that claims to lie: true places, false ones, in the first image one twice. */
const REAL = [
  [7, 0, 4, 2],
  [3, 8, 5, 1],
]
const CLAIMED = [
  [7, 6, 4, 4],
  [8, 3, 5, 1],
]

const shownAs = (claimed: number[][], real = REAL): VitOptions => ({
  shown: { real: tf.tensor2d(real), claimed: tf.tensor2d(claimed) },
})

/** The tokens of what the images show, in that order, in float64. */
const referenceShown = (config: VitConfig, weights = weightsOf(config)): number[] =>
  REAL.flatMap((real, image) => {
    const positions = EVERY.map((cell) => CLAIMED[image]![real.indexOf(cell)] ?? cell)
    const hidden = EVERY.filter((cell) => !real.includes(cell))
    const tokens = reference(config, { positions, hidden }, weights)[image]!
    const first = Number(config.classToken)
    const shown = real.flatMap((cell) => tokens[cell + first]!)
    return first === 1 ? [...tokens[0]!, ...shown] : shown
  })

const ofPatches: VitConfig = { ...plain, positions: 'learnedPatches' }

describe.each([
  ['with a position table', plain],
  ['with one of the patches alone', ofPatches],
  ['with sines and cosines', { ...plain, positions: 'sincos', width: 8 } as const],
  ['with one, but without class token', { ...ofPatches, classToken: false }],
])('a transformer %s', (_, config) => {
  it('takes content from true cells, and positions from claimed ones', async () => {
    const actual = await featuresOf(config, () => shownAs(CLAIMED))
    expect(worstError(actual, referenceShown(config))).toBeLessThan(1e-5)
  })

  it('gives the same bits when all images show the same cells truly', async () => {
    const [kept, all] = [REAL[0]!, [REAL[0]!, REAL[0]!]]
    const actual = await featuresOf(config, () => shownAs(all, all))
    expect(actual).toEqual(await featuresOf(config, () => ({ kept: tf.tensor1d(kept) })))
  })

  it('takes a table for another grid', async () => {
    const [count, { width }] = [4, config]
    const table = noise([1, count, width], 5, 1)
    const crops = { shape: [BATCH, 4, 4, 3], data: noise([BATCH, 4, 4, 3], 6).data }
    const small = { ...config, imageSize: 4 }
    const actual = await featuresOf(
      config,
      () => ({ positionTable: upload<tf.Rank.R3>(table) }),
      crops,
    )
    // In a network for images of this size whose own table holds these rows, after that of the class token.
    const weights = new Map(weightsOf(config))
    const own = config.positions === 'learned' ? [...weights.get('pos_embed')!.slice(0, width)] : []
    weights.set('pos_embed', Float64Array.of(...own, ...Array.from(table.data)))
    const positions = config.positions === 'sincos' ? 'learnedPatches' : config.positions
    const expected = reference({ ...small, positions }, {}, weights, crops).flat(2)
    expect(worstError(actual, expected)).toBeLessThan(1e-5)
  })
})

describe('the gradient of what images show', () => {
  const DIRECTION = Array.from(noise([BATCH, 5, ofPatches.width], 7).data)

  it.each(['pos_embed', 'cls_token', 'patch_embed.proj.weight'])(
    'reaches %s, as differences in float64 say',
    async (name) => {
      const weights = weightsOf(ofPatches)
      const objective = (changed: Float64Array): number =>
        referenceShown(ofPatches, new Map([...weights, [name, changed]])).reduce(
          (sum, value, i) => sum + value * DIRECTION[i]!,
          0,
        )
      const values = weights.get(name)!
      const expected = Float64Array.from(values, (value, entry) => {
        const at = (step: number): number =>
          objective(values.map((each, i) => (i === entry ? value + step : each)))
        return (at(1e-5) - at(-1e-5)) / 2e-5
      })
      const parameters = new Parameters(engine(), randomSpecs(ofPatches))
      const vit = new Vit(ofPatches, parameters)
      const gradient = tf.tidy(() => {
        const [images, direction] = [upload<tf.Rank.R4>(IMAGES), tf.tensor(DIRECTION)]
        const options = shownAs(CLAIMED)
        return tf.grad(() => vit.encode(vit.embed(images), options).flatten().mul(direction).sum())(
          parameters.get(name),
        )
      })
      const actual = await take(gradient)
      parameters.dispose()
      const largest = expected.reduce((most, value) => Math.max(most, Math.abs(value)), 0)
      expect(largest).toBeGreaterThan(1e-2)
      expect(worstError(actual, expected) / largest).toBeLessThan(2e-5)
    },
  )
})

it('has no relative positions for wrong places', () => {
  const parameters = new Parameters(engine(), randomSpecs(relative))
  const vit = new Vit(relative, parameters)
  expect(() =>
    tf.tidy(() => vit.encode(vit.embed(upload<tf.Rank.R4>(IMAGES)), shownAs(CLAIMED))),
  ).toThrow('no relative positions')
  parameters.dispose()
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
