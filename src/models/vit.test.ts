import * as tf from '@tensorflow/tfjs'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { Engine } from '../engine/engine.ts'
import { Parameters } from '../engine/parameters.ts'
import { randomAt, Stream } from '../engine/random.ts'
import { take } from '../engine/testing/run.ts'
import { referenceVit, type Weights } from './testing/reference.ts'
import { Vit, vitParameters, type VitConfig, type VitOptions } from './vit.ts'

let engine: Engine
beforeAll(async () => {
  engine = await Engine.open(navigator.gpu)
})
afterAll(() => engine.dispose())

const plain: VitConfig = {
  imageSize: 6,
  patchSize: 3,
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
const batch = 2
const withClass = 5
const tokensOf = ({ classToken }: VitConfig): number => (classToken ? withClass : withClass - 1)

const noise = (count: number, seed: number, scale: number): Float32Array => {
  const random = randomAt(seed, Stream.samples)
  return Float32Array.from({ length: count }, () => scale * random.normal())
}

/** A network whose every parameter is random, also those that usually start at a constant. */
function randomNetwork(config: VitConfig) {
  const specs = vitParameters(config, 1).map((spec, i) => {
    const size = spec.shape.reduce((a, b) => a * b, 1)
    return { ...spec, initial: () => noise(size, 100 + i, 0.5) }
  })
  const weights: Weights = new Map(
    specs.map(({ name, initial }) => [name, Float64Array.from(initial())]),
  )
  const parameters = new Parameters(engine, specs)
  return { weights, parameters, vit: new Vit(config, parameters) }
}

const images = noise(batch * 6 * 6 * 3, 1, 1)
const direction = noise(batch * withClass * 8, 2, 1)
const directionOf = (config: VitConfig): Float32Array =>
  direction.subarray(0, batch * tokensOf(config) * config.width)
/** Drop path factors [2·depth, batch]: some dropped, some scaled. */
const factors = [1, 1, 0, 1.25, 2, 0.5, 1, 0]

const upload = (): tf.Tensor4D => tf.tensor4d(images, [batch, 6, 6, 3])
const imageOf = (b: number): Float64Array =>
  Float64Array.from(images.subarray((b * images.length) / batch, ((b + 1) * images.length) / batch))
const factorsOf = (b: number): number[] => factors.filter((_, i) => i % batch === b)

const optionsWithFactors = (): VitOptions => ({
  pathFactors: tf.tensor2d(factors, [2 * plain.depth, batch]),
})

/** sum(direction · features) in float64. */
const objective = (config: VitConfig, weights: Weights): number => {
  let sum = 0
  const tokens = tokensOf(config)
  for (let b = 0; b < batch; b++) {
    const { features } = referenceVit(config, weights, imageOf(b), factorsOf(b))
    features.forEach((row, t) =>
      row.forEach((value, i) => (sum += value * direction[(b * tokens + t) * row.length + i]!)),
    )
  }
  return sum
}

/** Central difference of the objective in one entry of a parameter. */
function slope(config: VitConfig, weights: Weights, name: string, entry: number): number {
  const at = (step: number): number => {
    const moved = weights.get(name)!.slice()
    moved[entry]! += step
    return objective(config, new Map([...weights, [name, moved]]))
  }
  return (at(1e-5) - at(-1e-5)) / 2e-5
}

describe.each([
  ['plain', plain],
  ['with relative positions', { ...plain, relativePositions: true }],
  ['with LayerScale', { ...plain, layerScale: 0.1 }],
  ['with both', { ...plain, relativePositions: true, layerScale: 0.1 }],
  ['with sines and cosines', { ...plain, positions: 'sincos', width: 8 } as const],
  [
    'without a class token and a final norm',
    { ...plain, classToken: false, positions: 'sincos', width: 8, finalNorm: false } as const,
  ],
])('a transformer %s', (_, config: VitConfig) => {
  const tokens = tokensOf(config)

  test('features and attention are those of the float64 reference', async () => {
    const { weights, parameters, vit } = randomNetwork(config)
    const attention: tf.Tensor4D[] = []
    const features = tf.tidy(() =>
      vit.encode(vit.embed(upload()), {
        ...optionsWithFactors(),
        onAttention: (probabilities) => attention.push(tf.keep(probabilities)),
      }),
    )
    expect(features.shape).toEqual([batch, tokens, config.width])
    const values = await take(features)
    const probabilities = await Promise.all(attention.map(take))
    expect(probabilities).toHaveLength(config.depth)
    for (let b = 0; b < batch; b++) {
      const reference = referenceVit(config, weights, imageOf(b), factorsOf(b))
      const expected = reference.features.flatMap((row) => [...row])
      expected.forEach((value, i) => expect(values[b * expected.length + i]).toBeCloseTo(value, 4))
      reference.attention.forEach((heads, block) => {
        const rows = heads.flat()
        rows.forEach((row, r) => {
          const start = (b * rows.length + r) * tokens
          const actual = probabilities[block]!.subarray(start, start + tokens)
          row.forEach((value, key) => expect(actual[key]).toBeCloseTo(value, 5))
          expect(actual.reduce((sum, value) => sum + value, 0)).toBeCloseTo(1, 5)
        })
      })
    }
    parameters.dispose()
  })

  test('the gradient of every parameter is that of the float64 reference', async () => {
    const { weights, parameters, vit } = randomNetwork(config)
    const gradients = tf.tidy(() => {
      const weigh = tf.tensor3d(directionOf(config), [batch, tokens, config.width])
      const input = upload()
      const options = optionsWithFactors()
      const sum = (): tf.Tensor => vit.encode(vit.embed(input), options).mul(weigh).sum()
      return tf.grads(sum)(parameters.tensors())
    })
    const actual = await Promise.all(gradients.map(take))
    const expected = parameters.segments.map(({ name, size }) =>
      Float64Array.from({ length: size }, (_, entry) => slope(config, weights, name, entry)),
    )
    const largest = Math.max(...expected.flatMap((values) => [...values.map(Math.abs)]))
    parameters.segments.forEach(({ name }, i) => {
      const error = Math.max(...expected[i]!.map((value, j) => Math.abs(value - actual[i]![j]!)))
      expect(error / largest, name).toBeLessThan(2e-5)
    })
    parameters.dispose()
  })
})

describe('attention by ranks', () => {
  const order = [1, 0, 2, 1, 2]
  const ranks = (): { queries: tf.Tensor } => ({ queries: tf.tensor1d(order) })

  test('features and attention are those of the float64 reference', async () => {
    const { weights, parameters, vit } = randomNetwork(plain)
    const attention: tf.Tensor4D[] = []
    const features = tf.tidy(() =>
      vit.encode(vit.embed(upload()), {
        ranks: ranks(),
        onAttention: (probabilities) => attention.push(tf.keep(probabilities)),
      }),
    )
    const values = await take(features)
    const probabilities = await Promise.all(attention.map(take))
    const everything = Array<number>(2 * plain.depth).fill(1)
    for (let b = 0; b < batch; b++) {
      const reference = referenceVit(plain, weights, imageOf(b), everything, { ranks: order })
      const expected = reference.features.flatMap((row) => [...row])
      expected.forEach((value, i) => expect(values[b * expected.length + i]).toBeCloseTo(value, 4))
      reference.attention.forEach((heads, block) => {
        const shares = heads.flat().flatMap((row) => [...row])
        expect(shares.filter((share) => share === 0)).toHaveLength(2 * 8)
        shares.forEach((share, i) =>
          expect(probabilities[block]![b * shares.length + i]).toBeCloseTo(share, 5),
        )
      })
    }
    parameters.dispose()
  })

  test('knows no relative positions', () => {
    const { parameters, vit } = randomNetwork({ ...plain, relativePositions: true })
    expect(() => tf.tidy(() => vit.encode(vit.embed(upload()), { ranks: ranks() }))).toThrow(
      'no relative positions',
    )
    parameters.dispose()
  })
})

describe('drop path', () => {
  const featuresWith = async (pathFactors?: number[]): Promise<Float32Array> => {
    const { parameters, vit } = randomNetwork(plain)
    const features = tf.tidy(() =>
      vit.encode(
        vit.embed(upload()),
        pathFactors && { pathFactors: tf.tensor2d(pathFactors, [2 * plain.depth, batch]) },
      ),
    )
    const values = await take(features)
    parameters.dispose()
    return values
  }

  test('with factors of 1 changes nothing', async () => {
    expect(await featuresWith(Array<number>(8).fill(1))).toEqual(await featuresWith())
  })

  test('touches only the samples that it drops', async () => {
    const kept = await featuresWith()
    const dropped = await featuresWith([1, 0, 1, 1, 1, 1, 1, 1])
    const half = kept.length / 2
    expect(dropped.subarray(0, half)).toEqual(kept.subarray(0, half))
    expect(dropped.subarray(half)).not.toEqual(kept.subarray(half))
  })
})

describe('parameters', () => {
  const namesOf = (config: VitConfig): string[] => vitParameters(config, 1).map(({ name }) => name)

  test('relative positions bring a table and take the bias of the keys away', () => {
    const names = namesOf({ ...plain, relativePositions: true })
    expect(names).toContain('blocks.1.attn.relative_position_bias_table')
    expect(names).toContain('blocks.1.attn.q_bias')
    expect(names).toContain('blocks.1.attn.v_bias')
    expect(names).not.toContain('blocks.1.attn.qkv.bias')
    expect(namesOf(plain)).toContain('blocks.1.attn.qkv.bias')
    expect(namesOf(plain)).not.toContain('blocks.1.attn.q_bias')
  })

  test('LayerScale starts at its value', () => {
    const specs = vitParameters({ ...plain, layerScale: 0.25 }, 1)
    const gammas = specs.filter(({ name }) => name.endsWith('.gamma'))
    expect(gammas).toHaveLength(2 * plain.depth)
    for (const { initial } of gammas) expect([...initial()]).toEqual(Array(plain.width).fill(0.25))
    expect(namesOf(plain).some((name) => name.endsWith('.gamma'))).toBe(false)
  })

  test('names are unique, and weight decay is for weights of linear layers alone', () => {
    const specs = vitParameters({ ...plain, relativePositions: true, layerScale: 0.1 }, 1)
    expect(new Set(specs.map(({ name }) => name)).size).toBe(specs.length)
    const linear = /(proj|qkv|fc1|fc2)\.weight$/
    for (const { name, decay } of specs) expect(decay, name).toBe(linear.test(name))
  })

  test('without class token and learned positions there are none of them', () => {
    const names = namesOf({ ...plain, classToken: false, positions: 'sincos', width: 8 })
    expect(names).toEqual(
      namesOf(plain).filter((name) => name !== 'cls_token' && name !== 'pos_embed'),
    )
    const places = vitParameters({ ...plain, classToken: false }, 1)[0]!
    expect([places.name, places.shape]).toEqual(['pos_embed', [1, 4, plain.width]])
  })

  test('without a final norm there are none of it', () => {
    expect(namesOf({ ...plain, finalNorm: false })).toEqual(
      namesOf(plain).filter((name) => !name.startsWith('norm.')),
    )
  })

  test('after Xavier every linear layer starts without bias, and the patch embedding with a drawn one', () => {
    const config = { ...plain, width: 60, mlpWidth: 80, initialisation: 'xavier' } as const
    for (const { name, shape, initial } of vitParameters(config, 1)) {
      const largest = initial().reduce((most, value) => Math.max(most, Math.abs(value)), 0)
      const inputs = shape.slice(1).reduce((product, side) => product * side, 1)
      if (/^blocks.*(attn|mlp).*bias$/.test(name)) expect(largest, name).toBe(0)
      const bound =
        name === 'patch_embed.proj.bias' ? 27 ** -0.5 : (6 / (shape[0]! + inputs)) ** 0.5
      if (/(proj|qkv|fc1|fc2).weight$|patch_embed.proj.bias$/.test(name)) {
        expect(largest, name).toBeLessThanOrEqual(Math.fround(bound))
        expect(largest, name).toBeGreaterThan(0.9 * bound)
      }
    }
  })
})
