import * as tf from '@tensorflow/tfjs'
import { describe, expect, test } from 'vitest'
import { AdamW } from '../../engine/adamw.ts'
import type { InputValues } from '../../engine/inputTensors.ts'
import { Parameters } from '../../engine/parameters.ts'
import { noise } from '../../engine/testing/noise.ts'
import { useEngine } from '../../engine/testing/opCase.ts'
import { take, upload } from '../../engine/testing/run.ts'
import { presetValues } from '../../settings/selection.ts'
import { loadMethod } from '../load.ts'
import { extrema } from './description.ts'
import { method } from './method.ts'
import type { ExtremaSettings } from './settings.ts'
import { training } from './training.ts'

const engine = useEngine()

const tiny = presetValues(extrema, 'tiny') as ExtremaSettings

test('the method is found by its id', async () => {
  expect(await loadMethod('extrema')).toBe(method)
  expect(method.id).toBe(extrema.id)
  expect(extrema.hasTeacher).toBe(method.teacher !== undefined)
})

describe('views', () => {
  const rules = (changes: Partial<ExtremaSettings>) => training.views({ ...tiny, ...changes })
  const crop = { scaleMin: 0.2, flipProbability: 0.5 }
  const colour = {
    brightness: 0.4,
    contrast: 0.4,
    saturation: 0.2,
    hue: 0.1,
    jitterProbability: 0.8,
    greyProbability: 0.2,
  }

  test.each<[string, Partial<ExtremaSettings>, object[]]>([
    ['crop only', { views: 'one', colourJitter: false }, [{ crop }]],
    ['crop and colour, one image', { views: 'one' }, [{ crop, colour }]],
    [
      'shared crop and colours',
      {},
      [
        { crop, colour },
        { crop: { sharedWith: 0 }, colour },
      ],
    ],
    ['a shared crop without colours is one image', { colourJitter: false }, [{ crop }]],
    ['two crops', { views: 'two', colourJitter: false }, [{ crop }, { crop }]],
    [
      'two crops and colours',
      { views: 'two' },
      [
        { crop, colour },
        { crop, colour },
      ],
    ],
  ])('%s', (_, changes, expected) => {
    expect(rules(changes)).toEqual(expected)
  })

  test('carry the live numbers', () => {
    const changes = { cropScaleMin: 0.5, flipProbability: 0, hue: 0.3, greyProbability: 0.7 }
    expect(rules(changes)[0]).toEqual({
      crop: { scaleMin: 0.5, flipProbability: 0 },
      colour: { ...colour, hue: 0.3, greyProbability: 0.7 },
    })
  })
})

describe('step inputs', () => {
  const inputs = (changes: Partial<ExtremaSettings> = {}, seed = 1, step = 0, batch = 5) =>
    training.stepInputs({ ...tiny, ...changes }, { seed, step }, batch)

  test.each([
    [0.75, 4, [20, 16]],
    [0.8, 5, [25, 12]],
    [0.9, 8, [40, 6]],
    [0, 1, [5, 64]],
    [0.75, 9, [20, 16]],
  ])('ratio %f with %i masks: masks of shape %o', (maskRatio, maskCount, shape) => {
    const { masks } = inputs({ maskRatio, maskCount })
    expect(masks!.shape).toEqual(shape)
    expect(masks!.data).toHaveLength(shape[0]! * shape[1]!)
  })

  test('are the same at the same seed and step, others at others', () => {
    const first = inputs({ dropPath: 0.5 })
    expect(inputs({ dropPath: 0.5 })).toEqual(first)
    for (const other of [inputs({ dropPath: 0.5 }, 2), inputs({ dropPath: 0.5 }, 1, 1)])
      for (const name of ['masks', 'keptPaths'])
        expect(other[name]!.data, name).not.toEqual(first[name]!.data)
  })

  test('drop paths for every masked image, where there are any', () => {
    expect(inputs().keptPaths).toBeUndefined()
    expect(inputs({ dropPath: 0.1 }).keptPaths!.shape).toEqual([4, 20])
  })

  test('carry the temperature', () => {
    expect(inputs({ temperature: 0.25 }).temperature).toEqual({
      shape: [],
      data: Float32Array.of(0.25),
    })
  })
})

const asTensors = (values: Readonly<Record<string, InputValues>>): Record<string, tf.Tensor> =>
  Object.fromEntries(
    Object.entries(values).map(([name, { shape, data }]) => [
      name,
      tf.tensor(Float32Array.from(data), [...shape]),
    ]),
  )

const BATCH = 3

const modelOf = (settings: ExtremaSettings): Parameters =>
  new Parameters(engine(), training.parameters(settings), (name) =>
    training.teacher!.averages(name),
  )

/** Loss, terms and gradients of one step against the teacher as it is; frees everything else. */
const lossOf = (settings: ExtremaSettings, parameters: Parameters, step = 0) =>
  tf.tidy(() => {
    const views = training
      .views(settings)
      .map((_, view) => upload<tf.Rank.R4>(noise([BATCH, 32, 32, 3], 20 + view)))
    const inputs = asTensors(training.stepInputs(settings, { seed: 1, step }, BATCH))
    const targets = training.teacher!.targets(settings, { views, inputs }, parameters.teacher!)
    const terms: Record<string, tf.Tensor> = {}
    const { value, grads } = tf.valueAndGrads(() => {
      const result = training.loss({ views, inputs, targets }, parameters, settings)
      for (const [name, term] of Object.entries(result.terms)) terms[name] = tf.keep(term)
      return result.loss
    })(parameters.tensors())
    return { loss: value, grads, terms }
  })

describe('the loss', () => {
  test('is 2 − 2 cos, with terms named as in the description', async () => {
    const parameters = modelOf(tiny)
    const { loss, grads, terms } = lossOf(tiny, parameters)
    tf.dispose(grads)
    expect(['loss', ...Object.keys(terms)]).toEqual(extrema.metrics.map(({ key }) => key))
    const cosine = (await take(terms.cosine!))[0]!
    expect((await take(loss))[0]).toBeCloseTo(2 - 2 * cosine, 5)
    expect((await take(terms.cosineSpread!))[0]).toBeGreaterThan(0)
    expect((await take(terms.targetDeviation!))[0]).toBeGreaterThan(0)
    parameters.dispose()
  })

  test.each<[string, Partial<ExtremaSettings>]>([
    ['tiny', {}],
    ['InfoNCE, one image, drop path', { loss: 'infoNCE', views: 'one', dropPath: 0.3 }],
    ['two views, nothing hidden', { views: 'two', maskRatio: 0, maskCount: 1 }],
    [
      'patches of 8, a single visible one, independent masks',
      {
        patchSize: '8',
        maskRatio: 0.95,
        maskCount: 10,
        maskKind: 'independent',
      },
    ],
    ['patches of 2, one class block', { patchSize: '2', maskRatio: 0.9, classBlocks: 1 }],
    ['three class blocks', { classBlocks: 3, depth: 1 }],
  ])('reaches every parameter with a finite gradient: %s', async (_, changes) => {
    const settings = { ...tiny, ...changes }
    const parameters = modelOf(settings)
    const { loss, grads, terms } = lossOf(settings, parameters)
    tf.dispose(terms)
    expect(Number.isFinite((await take(loss))[0])).toBe(true)
    for (const [i, { name, shape }] of parameters.segments.entries()) {
      expect(grads[i]!.shape, name).toEqual(shape)
      const values = await take(grads[i]!)
      expect(values.every(Number.isFinite), name).toBe(true)
      expect(
        values.some((value) => value !== 0),
        name,
      ).toBe(true)
    }
    parameters.dispose()
  })

  test('falls when it is trained, without leaving tensors behind', async () => {
    const parameters = modelOf(tiny)
    const optimiser = new AdamW(engine(), parameters)
    const [losses, tensors]: [number[], number[]] = [[], []]
    for (let step = 1; step <= 12; step++) {
      parameters.teacher!.prepare(0.98)
      parameters.teacher!.encode(null)
      const { loss, grads, terms } = lossOf(tiny, parameters)
      parameters.gatherGradients(grads)
      optimiser.step(loss, {
        learningRate: 2e-3,
        beta1: 0.9,
        beta2: 0.95,
        epsilon: 1e-8,
        weightDecay: 0.05,
        clipNorm: 0,
        step,
      })
      tf.dispose([grads, terms])
      losses.push((await take(loss))[0]!)
      tensors.push(engine().memory().tensors)
    }
    expect(losses.at(-1)).toBeLessThan(0.5 * losses[0]!)
    expect(new Set(tensors).size).toBe(1)
    optimiser.dispose()
    parameters.dispose()
  })
})
