import * as tf from '@tensorflow/tfjs'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { AdamW } from '../../engine/adamw.ts'
import { Engine } from '../../engine/engine.ts'
import { Parameters } from '../../engine/parameters.ts'
import { randomAt, Stream } from '../../engine/random.ts'
import { take } from '../../engine/testing/run.ts'
import { clockBytes } from '../../engine/ops/stepClock.ts'
import { livelySpecs } from '../../models/testing/sources.ts'
import { presetValues } from '../../settings/selection.ts'
import { loadMethod } from '../load.ts'
import type { InputValues } from '../../engine/inputTensors.ts'
import { metricsOf } from '../description.ts'
import { a2mim } from './description.ts'
import { method } from './method.ts'
import type { A2mimSettings } from './settings.ts'

let engine: Engine
beforeAll(async () => {
  engine = await Engine.open(navigator.gpu)
})
afterAll(() => engine.dispose())

const tiny = presetValues(a2mim, 'tiny') as A2mimSettings
const resnet: Partial<A2mimSettings> = {
  architecture: 'resnet',
  stemWidth: 4,
  blocks1: 1,
  blocks2: 1,
  blocks3: 1,
  blocks4: 0,
  tokenStage: 2,
}
const tinyResnet = presetValues(a2mim, 'tinyResnet') as A2mimSettings

test('the method is found by its id', async () => {
  expect(await loadMethod('a2mim')).toBe(method)
  expect(method.id).toBe(a2mim.id)
})

test('its views follow the crop settings', () => {
  expect(method.views({ ...tiny, cropScaleMin: 0.5, flipProbability: 0.25 })).toEqual([
    { crop: { scaleMin: 0.5, flipProbability: 0.25 } },
  ])
})

describe('step inputs', () => {
  const inputs = (settings: A2mimSettings, seed: number, step: number, batch = 8) =>
    method.stepInputs(settings, { seed, step }, batch)
  const scalar = (input: InputValues | undefined): number => {
    expect(input!.shape).toEqual([])
    return input!.data[0]!
  }

  test('are the same at the same seed and step, others at others', () => {
    const dropping = { ...tiny, dropPath: 0.5 }
    const first = inputs(dropping, 1, 5)
    expect(inputs(dropping, 1, 5)).toEqual(first)
    for (const other of [inputs(dropping, 1, 6), inputs(dropping, 2, 5)])
      for (const name of ['mask', 'keptPaths'])
        expect(other[name]!.data, name).not.toEqual(first[name]!.data)
  })

  test('a sample has the same mask in a batch of any size', () => {
    const [few, many] = [inputs(tiny, 1, 0, 3).mask!, inputs(tiny, 1, 0, 8).mask!]
    expect(few.data).toEqual(many.data.subarray(0, 3 * 64))
  })

  test.each([
    [0.6, '8', 40],
    [0.6, '4', 39],
    [0.05, '8', 4],
    [0.95, '8', 60],
    [0.75, '16', 48],
    [0.6, 'auto', 40],
  ] as const)(
    'ratio %f in blocks of %s px hides %i of 64 patches',
    (maskRatio, maskPatch, count) => {
      const { shape, data } = inputs({ ...tiny, maskRatio, maskPatch }, 1, 0).mask!
      expect(shape).toEqual([8, 64])
      for (let sample = 0; sample < 8; sample++) {
        const hidden = data.subarray(64 * sample, 64 * (sample + 1)).filter((value) => value === 1)
        expect(hidden).toHaveLength(count)
      }
      const masks = Array.from({ length: 8 }, (_, i) =>
        data.subarray(64 * i, 64 * (i + 1)).join(''),
      )
      expect(new Set(masks).size).toBeGreaterThan(1)
    },
  )

  test('a mask block smaller than a patch counts as a patch', () => {
    const { shape, data } = inputs({ ...tiny, patchSize: '8', maskPatch: '4' }, 1, 0).mask!
    expect(shape).toEqual([8, 16])
    expect(data.filter((value) => value === 1)).toHaveLength(8 * 10)
  })

  test.each([
    // Three stages: blocks of 4 pixels, the token at stride 2. Four: blocks of 8, the token at stride 4.
    [{}, 16, 39 * 4],
    [{ maskPatch: '8' }, 16, 10 * 16],
    [{ tokenStage: 0 }, 32, 39 * 16],
    [{ blocks4: 1, tokenStage: 3 }, 8, 10 * 4],
    [{ blocks4: 1, tokenStage: 3, maskPatch: '4' }, 8, 39],
  ] as const)(
    'of a ResNet have the resolution of the token’s stage: %o',
    (changes, grid, count) => {
      const { shape, data } = inputs({ ...tinyResnet, ...changes }, 1, 0, 2).mask!
      expect(shape).toEqual([2, grid ** 2])
      expect(data.filter((value) => value === 1)).toHaveLength(2 * count)
    },
  )

  test('of a ResNet hold no drop path', () => {
    expect(inputs({ ...tinyResnet, dropPath: 0.5 }, 1, 0).keptPaths).toBeUndefined()
  })

  test('hold noise only where the fill has it', () => {
    expect(inputs(tiny, 1, 0).noiseClock).toBeUndefined()
    for (const fill of ['noise', 'noisy'] as const) {
      const given = inputs({ ...tiny, fill, noiseLevel: 0.5 }, 7, 9)
      expect(scalar(given.noiseLevel)).toBe(0.5)
      expect(given.noiseClock).toEqual(clockBytes(7, 9))
    }
  })

  test('carry the live numbers', () => {
    const given = inputs({ ...tiny, frequencyWeight: 0.75, visibleGradient: 0.5 }, 1, 0)
    expect(scalar(given.frequencyWeight)).toBe(0.75)
    expect(scalar(given.visibleGradient)).toBe(0.5)
  })

  test('hold drop path factors only where there is a drop path', () => {
    expect(inputs({ ...tiny, dropPath: 0 }, 1, 0).keptPaths).toBeUndefined()
    expect(inputs({ ...tiny, dropPath: 0.1 }, 1, 0).keptPaths!.shape).toEqual([4, 8])
  })
})

/** Smooth random images [batch, 32, 32, 3]. */
const someImages = (batch: number): tf.Tensor4D => {
  const random = randomAt(9, Stream.samples)
  const waves = Array.from({ length: batch * 3 }, () => [random.normal(), random.normal()])
  const values = Float32Array.from({ length: batch * 32 * 32 * 3 }, (_, i) => {
    const [b, y, x, c] = [
      Math.floor(i / 3072),
      Math.floor(i / 96) % 32,
      Math.floor(i / 3) % 32,
      i % 3,
    ]
    const [u, v] = waves[3 * b + c]!
    return Math.sin(0.3 * u! * x + 0.3 * v! * y + c)
  })
  return tf.tensor4d(values, [batch, 32, 32, 3])
}

/** Loss, terms, updates and gradients of one step; frees everything else. */
const lossOf = (settings: A2mimSettings, parameters: Parameters, batch: number, step = 0) =>
  tf.tidy(() => {
    const views = [someImages(batch)]
    const drawn = method.stepInputs(settings, { seed: 1, step }, batch)
    const inputs = Object.fromEntries(
      Object.entries(drawn).map(([name, { shape, data }]) => [
        name,
        tf.tensor(Float32Array.from(data), [...shape]),
      ]),
    )
    const terms: Record<string, tf.Tensor> = {}
    const updates: Record<string, tf.Tensor> = {}
    const { value, grads } = tf.valueAndGrads(() => {
      const result = method.loss({ views, inputs, targets: {} }, parameters, settings)
      for (const [name, term] of Object.entries(result.terms)) terms[name] = tf.keep(term)
      for (const [name, term] of Object.entries(result.updates ?? {})) updates[name] = tf.keep(term)
      return result.loss
    })(parameters.tensors())
    return { loss: value, grads, terms, updates }
  })

describe('the loss', () => {
  test.each([
    ['ViT', tiny],
    ['ResNet', tinyResnet],
  ])('is spatial + weight × frequency, named as in the description: %s', async (_, preset) => {
    const settings = { ...preset, frequencyWeight: 0.3 }
    const parameters = new Parameters(engine, method.parameters(settings))
    const { loss, grads, terms, updates } = lossOf(settings, parameters, 2)
    tf.dispose([grads, updates])
    expect(['loss', ...Object.keys(terms)]).toEqual(
      metricsOf(a2mim, settings).map(({ key }) => key),
    )
    const scalarOf = async (tensor: tf.Tensor): Promise<number> => (await take(tensor))[0]!
    const [spatial, frequency] = [await scalarOf(terms.spatial!), await scalarOf(terms.frequency!)]
    expect(spatial).toBeGreaterThan(0)
    expect(frequency).toBeGreaterThan(0)
    expect(await scalarOf(loss)).toBeCloseTo(spatial + 0.3 * frequency, 5)
    // |d| tanh(0.1 |d|) is less than |d|.
    if (terms.error) expect(await scalarOf(terms.error)).toBeGreaterThan(spatial)
    parameters.dispose()
  })

  test.each<[string, Partial<A2mimSettings>]>([
    ['tiny', {}],
    ['relative positions, LayerScale, drop path', { relativePositions: true, dropPath: 0.2 }],
    ['gamma at the last block', { tokenEntry: 'gamma', maskLayer: 2 }],
    ['noise, detached', { fill: 'noise', detachHidden: true }],
    ['a mean as token', { fill: 'zero', tokenMode: 'imageMean', tokenEntry: 'replace' }],
    ['patches of 2', { patchSize: '2', maskPatch: '4', relativePositions: true }],
    ['plain frequency form', { frequencyFocus: 'plain' }],
    ['official form', { spectra: 'batchMean', replacement: 'mixed' }],
    ['ResNet', resnet],
    ['ResNet with gamma after the stem', { ...resnet, tokenEntry: 'gamma', tokenStage: 0 }],
    ['bottlenecks, detached', { ...resnet, block: 'bottleneck', detachHidden: true }],
    ['ResNet, random token', { ...resnet, tokenMode: 'frozen', tokenEntry: 'replace' }],
  ])('reaches every parameter with a finite gradient: %s', async (_, changes) => {
    const settings = { ...tiny, ...changes }
    // Branches that begin silent have no gradient before they are heard.
    const parameters = new Parameters(engine, livelySpecs(method.parameters(settings)))
    const { loss, grads, terms, updates } = lossOf(settings, parameters, 2)
    tf.dispose([terms, updates])
    expect(Number.isFinite((await take(loss))[0])).toBe(true)
    for (const [i, { name, shape }] of parameters.trained.entries()) {
      expect(grads[i]!.shape, name).toEqual(shape)
      const values = await take(grads[i]!)
      expect(values.every(Number.isFinite), name).toBe(true)
      expect(
        values.some((value) => value !== 0),
        name,
      ).toBe(true)
    }
    engine.check()
    parameters.dispose()
  })

  test.each<[string, A2mimSettings]>([
    ['ViT', { ...tiny, relativePositions: true, dropPath: 0.1 }],
    ['ResNet', { ...tinyResnet, fill: 'noise' }],
  ])('falls when it is trained, without leaving tensors behind: %s', async (_, settings) => {
    const parameters = new Parameters(engine, method.parameters(settings))
    const optimiser = new AdamW(engine, parameters)
    const losses: number[] = []
    const tensors: number[] = []
    for (let step = 1; step <= 8; step++) {
      const { loss, grads, terms, updates } = lossOf(settings, parameters, 2)
      parameters.gatherGradients(grads)
      optimiser.step(loss, {
        learningRate: 5e-3,
        beta1: 0.9,
        beta2: 0.999,
        epsilon: 1e-8,
        weightDecay: 0.05,
        clipNorm: settings.clipNorm,
        step,
      })
      parameters.update(updates, optimiser.status)
      tf.dispose([grads, terms, updates])
      losses.push((await take(loss))[0]!)
      tensors.push(engine.memory().tensors)
    }
    engine.check()
    expect(losses.at(-1)).toBeLessThan(0.8 * losses[0]!)
    expect(new Set(tensors).size).toBe(1)
    if (settings.architecture === 'resnet') {
      // 1 − 0.9⁸ = 57 % of what the batches have.
      const variance = await parameters.get('bn1.running_var').data()
      expect(variance.every((value) => value > 0 && value !== 1)).toBe(true)
    }
    optimiser.dispose()
    parameters.dispose()
  })

  test('has the same bits again for the same seed and step, and other noise at another step', async () => {
    const settings: A2mimSettings = { ...tinyResnet, fill: 'noise', maskRatio: 0.95 }
    const bitsOf = async (step: number): Promise<string> => {
      const parameters = new Parameters(engine, livelySpecs(method.parameters(settings)))
      const { loss, grads, terms, updates } = lossOf(settings, parameters, 2, step)
      parameters.gatherGradients(grads)
      const bits = [
        ...(await take(loss)),
        ...(await parameters.read(parameters.gradients)),
        ...(await take(updates['bn1.running_mean']!)),
      ].join()
      tf.dispose([grads, terms, updates])
      parameters.dispose()
      return bits
    }
    const first = await bitsOf(3)
    expect(await bitsOf(3)).toBe(first)
    expect(await bitsOf(4)).not.toBe(first)
  })
})
