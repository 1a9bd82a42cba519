import * as tf from '@tensorflow/tfjs'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { Engine } from '../../engine/engine.ts'
import { Parameters } from '../../engine/parameters.ts'
import { randomAt, Stream } from '../../engine/random.ts'
import { take } from '../../engine/testing/run.ts'
import {
  A2mimNetwork,
  enterMaskToken,
  fillWithMean,
  networkParameters,
  pixelMaskOf,
  type A2mimConfig,
  type TokenEntry,
} from './network.ts'

let engine: Engine
beforeAll(async () => {
  engine = await Engine.open(navigator.gpu)
})
afterAll(() => engine.dispose())

describe('M2 filling', () => {
  const filled = (mask: number[]): Promise<Float32Array> =>
    take(
      tf.tidy(() =>
        fillWithMean(tf.range(1, 17).reshape([1, 4, 4, 1]), tf.tensor4d(mask, [1, 4, 4, 1])),
      ),
    )

  test.each([
    ['all', Array<number>(16).fill(1)],
    ['a half', Array.from({ length: 16 }, (_, i) => Number(i < 8))],
    ['one', Array.from({ length: 16 }, (_, i) => Number(i === 5))],
    ['none', Array<number>(16).fill(0)],
  ])('the mean of the whole image stands in the hidden pixels: %s', async (_, mask) => {
    expect([...(await filled(mask))]).toEqual(mask.map((m, i) => (m === 1 ? 8.5 : i + 1)))
  })

  test('every image and channel has its own mean', async () => {
    const means = tf.tidy(() => {
      const images = tf.range(0, 2 * 9 * 3).reshape<tf.Tensor4D>([2, 3, 3, 3])
      return fillWithMean(images, tf.ones([2, 3, 3, 1])).slice([0, 1, 1, 0], [2, 1, 1, 3])
    })
    expect([...(await take(means))]).toEqual([12, 13, 14, 39, 40, 41])
  })
})

describe('T1 mask token', () => {
  const entered = async (entry: 'sum' | 'replace' | number, mask: number): Promise<number> => {
    const z = tf.tidy(() =>
      enterMaskToken(
        tf.tensor3d([2], [1, 1, 1]),
        tf.tensor3d([mask], [1, 1, 1]),
        tf.tensor3d([0.1], [1, 1, 1]),
        typeof entry === 'number' ? tf.tensor3d([entry], [1, 1, 1]) : entry,
      ),
    )
    return (await take(z))[0]!
  }

  test.each([
    ['sum', 2.1],
    ['replace', 0.1],
    [1e-6, 0.100002],
  ] as const)('%s', async (entry, expected) => {
    expect(await entered(entry, 1)).toBeCloseTo(expected, 6)
    expect(await entered(entry, 0)).toBe(2)
  })
})

const base: A2mimConfig = {
  imageSize: 16,
  patchSize: 4,
  width: 12,
  depth: 2,
  heads: 3,
  mlpWidth: 24,
  layerNormEpsilon: 1e-6,
  finalNorm: true,
  classToken: true,
  positions: 'learned',
  relativePositions: true,
  layerScale: 0.1,
  initialisation: 'truncatedNormal',
  maskLayer: 0,
  tokenEntry: 'sum',
}
const pixels = 16 * 16
const firstMask = [1, 0, 0, 1, 0, 1, 1, 0, 0, 0, 1, 1, 1, 0, 0, 0]
/** Two images with different masks. */
const mask = [...firstMask, ...firstMask.toReversed()]

const noise = (count: number, seed: number, scale = 1): Float32Array => {
  const random = randomAt(seed, Stream.samples)
  return Float32Array.from({ length: count }, () => scale * random.normal())
}

function randomParameters(config: A2mimConfig): Parameters {
  const specs = networkParameters(config, 1).map((spec, i) => ({
    ...spec,
    initial: () => noise(spec.initial().length, 10 + i, 0.3),
  }))
  return new Parameters(engine, specs)
}

const hiddenAt = (image: number, pixel: number): boolean => {
  const patch = Math.floor(pixel / 16 / 4) * 4 + Math.floor((pixel % 16) / 4)
  return mask[image * 16 + patch] === 1
}

/** Adds something to every hidden pixel such that the sum over each channel stays as it is. */
function disturbHidden(images: Float32Array): Float32Array {
  const disturbed = images.slice()
  for (let image = 0; image < 2; image++) {
    const hidden = Array.from({ length: pixels }, (_, pixel) => pixel).filter((pixel) =>
      hiddenAt(image, pixel),
    )
    hidden.forEach((pixel, i) => {
      for (let c = 0; c < 3; c++)
        disturbed[(image * pixels + pixel) * 3 + c]! += (i % 2 === 0 ? 2 : -2) * (1 + c)
    })
    expect(hidden.length % 2).toBe(0)
  }
  return disturbed
}

describe.each<[TokenEntry, number]>([
  ['sum', 0],
  ['sum', 2],
  ['replace', 0],
  ['replace', 2],
  ['gamma', 0],
])('I1 no leak with entry %s at layer %i', (tokenEntry, maskLayer) => {
  const config = { ...base, tokenEntry, maskLayer }

  const featuresOf = async (parameters: Parameters, images: Float32Array, fill: boolean) => {
    let features: tf.Tensor | null = null
    tf.tidy(() => {
      const input = tf.tensor4d(images, [2, 16, 16, 3])
      const patches = tf.tensor2d(mask, [2, 16])
      const filled = fill ? fillWithMean(input, pixelMaskOf(patches, 4)) : input
      new A2mimNetwork(config, parameters).predict(
        filled,
        patches,
        {},
        {
          features: (tokens) => {
            features = tf.keep(tokens)
          },
        },
      )
    })
    return take(features!)
  }

  test('hidden pixels do not reach the features, unless they are left unfilled', async () => {
    const parameters = randomParameters(config)
    const images = noise(2 * pixels * 3, 1)
    const disturbed = disturbHidden(images)
    const change = async (fill: boolean): Promise<number> => {
      const before = await featuresOf(parameters, images, fill)
      const after = await featuresOf(parameters, disturbed, fill)
      return Math.max(...before.map((value, i) => Math.abs(value - after[i]!)))
    }
    expect(await change(true)).toBeLessThan(1e-5)
    // Replacement at the embedding throws the hidden patches away: the only entry that needs no filling.
    const leak = await change(false)
    if (tokenEntry === 'replace' && maskLayer === 0) expect(leak).toBeLessThan(1e-5)
    else expect(leak).toBeGreaterThan(0.01)
    parameters.dispose()
  })
})

describe('parameters', () => {
  const specsOf = (config: Partial<A2mimConfig>) => networkParameters({ ...base, ...config }, 1)

  test('only the gamma entry has a gamma, which starts at 1e-6', () => {
    const gamma = specsOf({ tokenEntry: 'gamma' }).find(({ name }) => name === 'mask_gamma')!
    expect([...gamma.initial()]).toEqual(Array(12).fill(Math.fround(1e-6)))
    expect(gamma.decay).toBe(false)
    for (const tokenEntry of ['sum', 'replace'] as const)
      expect(specsOf({ tokenEntry }).some(({ name }) => name === 'mask_gamma')).toBe(false)
  })

  test('the decoder is a 1×1 convolution, the token knows no weight decay', () => {
    const specs = new Map(specsOf({}).map((spec) => [spec.name, spec]))
    expect(specs.get('decoder.weight')).toMatchObject({ shape: [48, 12, 1, 1], decay: true })
    expect(specs.get('decoder.bias')).toMatchObject({ shape: [48], decay: false })
    expect(specs.get('mask_token')).toMatchObject({ shape: [1, 1, 12], decay: false })
  })
})
