import * as tf from '@tensorflow/tfjs'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import type { Parameters } from '../../engine/parameters.ts'
import { noise, worstError } from '../../engine/testing/noise.ts'
import { useEngine } from '../../engine/testing/opCase.ts'
import { take, upload } from '../../engine/testing/run.ts'
import { patchTargets } from '../patchTargets.ts'
import { randsacLoss } from './loss.ts'
import { vitLayerOf } from '../../models/vit.ts'
import { networkParameters, RandsacNetwork, type RandsacConfig } from './network.ts'
import { livelyParameters, livelyWeights, RAGGED, SMALL, SQUARES } from './testing/networks.ts'
import { gatheredLayout, leakingLayout, referencePredictions } from './testing/reference.ts'

const engine = useEngine()

let parameters: Parameters
beforeAll(() => {
  parameters = livelyParameters(engine())
})
afterAll(() => parameters.dispose())

/** One image with each of these orders. */
const ORDERS = [SQUARES, RAGGED]
const TOKENS = SQUARES.length
const PATCH = 3 * SMALL.patchSize ** 2
const IMAGE = { shape: [1, 8, 8, 3], data: noise([8, 8, 3], 5).data }
const OTHER = { shape: [1, 8, 8, 3], data: noise([8, 8, 3], 6).data }

const ranksOf = (orders: readonly (readonly number[])[]): tf.Tensor2D =>
  tf.tensor2d(orders.map((order) => [...order]))

/** The image, with the pixels of some tokens replaced by those of the other one. */
function disturbed(isDisturbed: (token: number) => boolean): typeof IMAGE {
  const grid = SMALL.imageSize / SMALL.patchSize
  const data = Float32Array.from(IMAGE.data, (value, i) => {
    const [row, column] = [Math.floor(i / 3 / SMALL.imageSize), Math.floor(i / 3) % SMALL.imageSize]
    const token = Math.floor(row / SMALL.patchSize) * grid + Math.floor(column / SMALL.patchSize)
    return isDisturbed(token) ? OTHER.data[i]! : value
  })
  return { ...IMAGE, data }
}

/** Predictions [N, 3·P·P] of one image with one order, on the host. */
type Predict = (image: typeof IMAGE, ranks: readonly number[]) => Promise<Float32Array>

const predictWith =
  (config: RandsacConfig): Predict =>
  (image, ranks) =>
    take(
      tf.tidy(() =>
        new RandsacNetwork(config, parameters).predict(upload(image), ranksOf([ranks])),
      ),
    )
const predict = predictWith(SMALL)

/** The largest change of every token's prediction. */
const changes = (before: Float32Array, after: Float32Array): number[] =>
  Array.from({ length: TOKENS }, (_, token) =>
    Math.max(
      ...Array.from({ length: PATCH }, (_, i) =>
        Math.abs(after[token * PATCH + i]! - before[token * PATCH + i]!),
      ),
    ),
  )

/**
 * Replaces, for every rank k, the pixels of rank k and later ones.
 * @returns over all k the largest change of predictions of ranks up to k (from 1), and the smallest of later ones
 */
async function causality(run: Predict): Promise<{ early: number; late: number }> {
  let [early, late] = [0, Infinity]
  for (const ranks of ORDERS) {
    const before = await run(IMAGE, ranks)
    for (let k = 1; k <= Math.max(...ranks); k++) {
      const after = await run(
        disturbed((token) => ranks[token]! >= k),
        ranks,
      )
      changes(before, after).forEach((change, token) => {
        if (ranks[token] === 0) return
        if (ranks[token]! <= k) early = Math.max(early, change)
        else late = Math.min(late, change)
      })
    }
  }
  return { early, late }
}

describe('12.5 causality', () => {
  test('no pixel of a rank reaches a prediction of this rank or an earlier one, and all later ones', async () => {
    const { early, late } = await causality(predict)
    expect(early).toBe(0)
    expect(late).toBeGreaterThan(1e-4)
  })

  test.each(['firstSegment', 'offByOne'] as const)('the mistake %s shows', async (mistake) => {
    expect((await causality(predictWith({ ...SMALL, mistake }))).early).toBeGreaterThan(1e-3)
  })

  test('so does a leak through even rows of forbidden scores', async () => {
    const weights = livelyWeights()
    const leaking: Predict = ({ data }, ranks) => {
      const image = Float64Array.from(data)
      const rows = referencePredictions(SMALL, weights, image, leakingLayout(ranks))
      return Promise.resolve(Float32Array.from(rows.flatMap((row) => [...row])))
    }
    expect((await causality(leaking)).early).toBeGreaterThan(1e-3)
  })
})

test('12.6 the pixels of rank 1 alone change every prediction of rank 2 and none of rank 1', async () => {
  for (const ranks of ORDERS) {
    const after = await predict(
      disturbed((token) => ranks[token] === 1),
      ranks,
    )
    changes(await predict(IMAGE, ranks), after).forEach((change, token) => {
      if (ranks[token] === 1) expect(change).toBe(0)
      if (ranks[token] === 2) expect(change).toBeGreaterThan(1e-4)
    })
  }
})

describe.each([
  ['with skip connections', SMALL],
  ['with raw memory', { ...SMALL, memoryNorm: false }],
  ['without skip connections', { ...SMALL, skip: false }],
])('12.4 %s', (_, config) => {
  test.each([
    ['squares', SQUARES],
    ['ragged segments', RAGGED],
  ])('nothing reordered predicts what serialised tokens do: %s', async (_, ranks) => {
    const layout = gatheredLayout(ranks)
    const raster = await predictWith(config)(IMAGE, ranks)
    const own = layout.targets.flatMap((token) => [
      ...raster.subarray(token * PATCH, (token + 1) * PATCH),
    ])
    const image = Float64Array.from(IMAGE.data)
    const rows = referencePredictions(config, livelyWeights(), image, layout)
    expect(rows.length).toBeGreaterThan(11)
    expect(
      worstError(
        own,
        rows.flatMap((row) => [...row]),
      ),
    ).toBeLessThan(1e-5)
  })
})

test('12.4 with single pixels as patches', async () => {
  const config: RandsacConfig = { ...SMALL, imageSize: 4, patchSize: 1 }
  const own = livelyParameters(engine(), config)
  const { shape, data } = noise([1, 4, 4, 3], 7)
  const raster = await take(
    tf.tidy(() =>
      new RandsacNetwork(config, own).predict(upload({ shape, data }), ranksOf([RAGGED])),
    ),
  )
  own.dispose()
  const layout = gatheredLayout(RAGGED)
  const weights = livelyWeights(config)
  const rows = referencePredictions(config, weights, Float64Array.from(data), layout)
  const predicted = layout.targets.flatMap((token) => [
    ...raster.subarray(3 * token, 3 * token + 3),
  ])
  expect(
    worstError(
      predicted,
      rows.flatMap((row) => [...row]),
    ),
  ).toBeLessThan(1e-5)
})

test('12.7 with all ranks equal, the encoder is the unmasked one', async () => {
  const encode = (order?: readonly number[]): Promise<Float32Array> =>
    take(
      tf.tidy(() =>
        new RandsacNetwork(SMALL, parameters).encode(
          upload(IMAGE),
          order && { ranks: { queries: ranksOf([order]) } },
        ),
      ),
    )
  const unmasked = await encode()
  expect(worstError(await encode(SQUARES.map(() => 3)), unmasked)).toBeLessThan(1e-6)
  expect(worstError(await encode(SQUARES), unmasked)).toBeGreaterThan(1e-2)
})

describe('12.16 gradients', () => {
  /** Gradients of the loss in the patch embeddings, through which alone pixels enter, and in the mix of layers. */
  const gradientsOf = (config: RandsacConfig): Promise<Float32Array[]> => {
    const gradients = tf.tidy(() => {
      const images = upload<tf.Rank.R4>({
        shape: [2, 8, 8, 3],
        data: [...Array.from(IMAGE.data), ...Array.from(OTHER.data)],
      })
      const ranks = ranksOf(ORDERS)
      const targets = patchTargets(images, SMALL.patchSize, { target: 'normalised' })
      const network = new RandsacNetwork(config, parameters)
      return tf.grads((patches) =>
        randsacLoss(network.predictFrom(patches as tf.Tensor3D, ranks), targets, ranks),
      )([network.embed(images), parameters.get('skip_connection.weight')])
    })
    return Promise.all(gradients.map(take))
  }

  /** Whether the gradient in the embedding of every token is 0 everywhere, and whether it is nowhere. */
  const zeros = (patches: Float32Array): { all: boolean; none: boolean }[] =>
    ORDERS.flat().map((_, token) => {
      const own = patches.subarray(token * SMALL.width, (token + 1) * SMALL.width)
      return {
        all: own.every((value) => value === 0),
        none: own.every((value) => value !== 0),
      }
    })

  const isLast = ORDERS.flatMap((ranks) => ranks.map((rank) => rank === Math.max(...ranks)))

  test('the pixels of the last segment have none through the network, all others have; every entry of the mix has', async () => {
    const [patches, mix] = await gradientsOf(SMALL)
    zeros(patches!).forEach(({ all, none }, token) => {
      expect(isLast[token] ? all : none).toBe(true)
    })
    expect(mix).toHaveLength(SMALL.decoderDepth * SMALL.depth)
    for (const value of mix!) expect(Math.abs(value)).toBeGreaterThan(1e-6)
  })

  test('off by one, those of the last segment have some', async () => {
    const [patches] = await gradientsOf({ ...SMALL, mistake: 'offByOne' })
    for (const { none } of zeros(patches!)) expect(none).toBe(true)
  })
})

describe('parameters', () => {
  const specsOf = (config: Partial<RandsacConfig>) =>
    new Map(networkParameters({ ...SMALL, ...config }, 1).map((spec) => [spec.name, spec]))

  test('a mix of layers, norms of the memory and no final norm of the encoder', () => {
    const names = [...specsOf({}).keys()]
    expect(new Set(names).size).toBe(names.length)
    expect(names.filter((name) => /^(norm|cls_token|pos_embed)/.test(name))).toEqual([])
    const without = [...specsOf({ skip: false, memoryNorm: false }).keys()]
    expect(names.filter((name) => !without.includes(name))).toEqual([
      'skip_connection.weight',
      'skip_connection.bias',
      'decoder_blocks.0.memory_norm.weight',
      'decoder_blocks.0.memory_norm.bias',
      'decoder_blocks.1.memory_norm.weight',
      'decoder_blocks.1.memory_norm.bias',
    ])
  })

  test('only matrices decay', () => {
    for (const { name, shape, decay } of specsOf({}).values())
      expect(decay, name).toBe(shape.length > 1)
  })

  test('the mix starts even between its bounds, or as the last layer alone', () => {
    const uniform = specsOf({ decoderDepth: 40 })
    for (const part of ['weight', 'bias']) {
      const values = uniform.get(`skip_connection.${part}`)!.initial().map(Math.abs)
      expect(Math.max(...values)).toBeLessThanOrEqual(Math.fround(3 ** -0.5))
      expect(Math.max(...values)).toBeGreaterThan(0.9 * 3 ** -0.5)
    }
    const last = specsOf({ skipInitialisation: 'lastLayer' })
    expect([...last.get('skip_connection.weight')!.initial()]).toEqual([0, 0, 1, 0, 0, 1])
    expect([...last.get('skip_connection.bias')!.initial()]).toEqual([0, 0])
  })

  test('q, k and v of cross-attention start as one matrix of torch does', () => {
    const specs = specsOf({ width: 60 })
    for (const part of ['self_attn.qkv', 'cross_attn.q', 'cross_attn.kv']) {
      const values = specs.get(`decoder_blocks.1.${part}.weight`)!.initial().map(Math.abs)
      expect(Math.max(...values)).toBeLessThanOrEqual(Math.fround((6 / 240) ** 0.5))
      expect(Math.max(...values)).toBeGreaterThan(0.95 * (6 / 240) ** 0.5)
    }
  })

  test('the head starts at 0, or after Xavier', () => {
    const head = (config: Partial<RandsacConfig>) =>
      specsOf(config).get('decoder_pred.weight')!.initial()
    expect(head({ headInitialisation: 'zero' })).toEqual(new Float32Array(12 * 12))
    expect(Math.max(...head({}))).toBeGreaterThan(0.9 * (6 / 24) ** 0.5)
  })

  test('only the encoder has layers, counted as for layer-wise learning rates', () => {
    const layers = [...specsOf({}).keys()].map((name) => [name, vitLayerOf(name, SMALL)])
    const known = layers.filter(([, layer]) => layer !== null)
    expect(known).toHaveLength(2 + SMALL.depth * 12)
    expect(Object.fromEntries(layers)).toMatchObject({
      'patch_embed.proj.weight': 0,
      'blocks.0.norm1.weight': 1,
      'blocks.2.mlp.fc2.bias': 3,
      'decoder_blocks.0.norm1.weight': null,
      'skip_connection.weight': null,
      'decoder_pred.bias': null,
    })
  })
})
