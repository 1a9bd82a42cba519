import * as tf from '@tensorflow/tfjs'
import { describe, expect, test } from 'vitest'
import type { InputValues } from '../../engine/inputTensors.ts'
import { Parameters } from '../../engine/parameters.ts'
import { noise } from '../../engine/testing/noise.ts'
import { useEngine } from '../../engine/testing/opCase.ts'
import { take, upload } from '../../engine/testing/run.ts'
import { livelySpecs } from '../../models/testing/sources.ts'
import { presetValues } from '../../settings/selection.ts'
import { metricsOf } from '../description.ts'
import { loadMethod } from '../load.ts'
import { dino } from './description.ts'
import { method } from './method.ts'
import { CENTRE } from './network.ts'
import type { DinoSettings } from './settings.ts'
import { training } from './training.ts'

const engine = useEngine()

const BATCH = 2

/** Small enough for a software adapter: 16 patches of 8 pixels, of which a local crop has four. */
const small: DinoSettings = {
  ...(presetValues(dino, 'tiny') as DinoSettings),
  batchSize: BATCH,
  patchSize: '8',
  width: 12,
  depth: 1,
  heads: 3,
  mlpRatio: 1,
  headWidth: 16,
  bottleneck: 8,
  prototypes: 24,
  localCrops: 1,
}

const plain: Partial<DinoSettings> = { dilemma: false, sparsity: 0 }

test('the method is found by its id', async () => {
  expect(await loadMethod('dino')).toBe(method)
  expect(method.id).toBe(dino.id)
  expect(dino.hasTeacher).toBe(method.teacher !== undefined)
})

describe('step inputs', () => {
  const inputs = (changes: Partial<DinoSettings> = {}, seed = 1, step = 0) =>
    training.stepInputs({ ...small, ...changes }, { seed, step }, BATCH)
  const names = (changes: Partial<DinoSettings>): string[] => Object.keys(inputs(changes)).sort()
  const numbers = ['centreMomentum', 'studentTemperature', 'teacherTemperature']

  test('plain DINO has its numbers alone', () => {
    expect(names({ ...plain, localCrops: 8 })).toEqual(numbers)
  })

  test('sparsity adds what is shown of the global crops, and where it is wished of the local ones', () => {
    const sparse = { dilemma: false, localCrops: 2 }
    expect(names(sparse)).toEqual([...numbers, 'real0', 'real1'].sort())
    const all = { ...sparse, sparseLocals: true }
    expect(names(all)).toEqual([...numbers, 'real0', 'real1', 'real2', 'real3'].sort())
    expect(inputs(all).real1!.shape).toEqual([BATCH, 8])
    expect(inputs(all).real2!.shape).toEqual([BATCH, 2])
  })

  test('DILEMMA adds claims of the global crops and λ; of local crops the places are true', () => {
    const claims = ['real0', 'real1', 'claimed0', 'claimed1', 'labels0', 'labels1']
    expect(names({})).toEqual([...numbers, ...claims, 'dilemmaWeight'].sort())
    expect(names({ sparseLocals: true })).toEqual(
      [...numbers, ...claims, 'real2', 'dilemmaWeight'].sort(),
    )
  })

  test('every crop has a draw of its own, the same at the same step', () => {
    const changes = { dropPath: 0.5, depth: 2 }
    const first = inputs(changes)
    expect(inputs(changes)).toEqual(first)
    expect(first.real0!.data).not.toEqual(first.real1!.data)
    expect(first.keptPaths!.shape).toEqual([4, 3 * BATCH])
    for (const other of [inputs(changes, 2), inputs(changes, 1, 1)])
      expect(other.real0!.data).not.toEqual(first.real0!.data)
  })

  test('carry the temperatures of the step and the momentum of the centre', () => {
    const changes = { teacherTemperatureStart: 0.04, teacherTemperature: 0.08, teacherWarmup: 4 }
    const at = (step: number) => inputs(changes, 1, step).teacherTemperature!.data[0]
    expect([0, 1, 4].map(at)).toEqual([0.04, 0.05, 0.08].map(Math.fround))
    expect(inputs({ centreMomentum: 0.5 }).centreMomentum!.data).toEqual(Float32Array.of(0.5))
  })
})

describe('parameters', () => {
  const specs = (changes: Partial<DinoSettings> = {}) =>
    training.parameters({ ...small, ...changes })

  test('all but biases and norms decay, the class token and learned positions too', () => {
    for (const { name, shape, decay } of specs({ positions: 'learned' }))
      if (name !== CENTRE) expect(decay, name).toBe(shape.length > 1)
  })

  test('prototypes wait, their lengths and the centre are never trained', () => {
    const waiting = (changes: Partial<DinoSettings>) =>
      specs(changes).flatMap(({ name, trainedFrom = 1 }) =>
        trainedFrom > 1 ? [[name, trainedFrom]] : [],
      )
    const [lengths, directions] = ['head.last_layer.weight_g', 'head.last_layer.weight_v']
    expect(waiting({ frozenLastLayer: 5 })).toEqual([
      [lengths, Infinity],
      [directions, 6],
      [CENTRE, Infinity],
    ])
    expect(waiting({ frozenLastLayer: 0, unitPrototypes: false })).toEqual([[CENTRE, Infinity]])
  })

  test('the teacher has backbone and head, neither detector nor centre', () => {
    const students = specs()
      .map(({ name }) => name)
      .filter((name) => !training.teacher!.averages(name))
    expect(students).toEqual([CENTRE, 'dilemma_head.weight', 'dilemma_head.bias'])
  })

  test('patches are embedded evenly from ±1 / √inputs, as torch draws a convolution', () => {
    for (const name of ['weight', 'bias']) {
      const spec = specs({ width: 96 }).find((each) =>
        each.name.endsWith(`patch_embed.proj.${name}`),
      )
      const largest = Math.max(...spec!.initial().map(Math.abs))
      const bound = 1 / Math.sqrt(3 * 8 * 8)
      expect(largest).toBeLessThanOrEqual(bound)
      expect(largest).toBeGreaterThan(0.9 * bound)
    }
  })

  test('the detector comes and goes with DILEMMA; the rest begins with the same values', () => {
    const [withIt, without] = [specs(), specs({ dilemma: false })]
    const named = new Map(withIt.map((spec) => [spec.name, spec]))
    expect(withIt.length).toBe(without.length + 2)
    for (const { name, initial } of without) expect(named.get(name)!.initial()).toEqual(initial())
  })
})

const asTensors = (values: Readonly<Record<string, InputValues>>): Record<string, tf.Tensor> =>
  Object.fromEntries(
    Object.entries(values).map(([name, { shape, data }]) => [
      name,
      tf.tensor(Float32Array.from(data), [...shape]),
    ]),
  )

/** Parameters in which everything matters. */
const modelOf = (changes: Partial<DinoSettings>): Parameters =>
  new Parameters(engine(), livelySpecs(training.parameters({ ...small, ...changes })), (name) =>
    training.teacher!.averages(name),
  )

/** Loss, terms, the teacher's logits and gradients of a step on noise; all on the host. */
async function stepOf(changes: Partial<DinoSettings>, parameters: Parameters, step = 0) {
  const settings = { ...small, ...changes }
  const kept: Record<string, tf.Tensor> = {}
  const grads = tf.tidy(() => {
    const views = training
      .views(settings)
      .map(({ size = 32 }, i) => upload<tf.Rank.R4>(noise([BATCH, size, size, 3], 20 + i)))
    const inputs = asTensors(training.stepInputs(settings, { seed: 1, step }, BATCH))
    const targets = training.teacher!.targets(settings, { views, inputs }, parameters.teacher!)
    const result = tf.valueAndGrads(() => {
      const { loss, terms } = training.loss({ views, inputs, targets }, parameters, settings)
      for (const [name, term] of Object.entries(terms)) kept[name] = tf.keep(term.clone())
      return loss
    })(parameters.tensors())
    for (const [name, tensor] of Object.entries({ ...targets, loss: result.value }))
      kept[name] = tf.keep(tensor.clone())
    return result.grads
  })
  const { logits, ...terms } = kept
  const values: Record<string, number> = {}
  for (const [name, term] of Object.entries(terms)) values[name] = (await take(term))[0]!
  const gradients = new Map<string, Float32Array>()
  for (const [i, { name }] of parameters.trained.entries())
    gradients.set(name, await take(grads[i]!))
  return { values, logits: await take(logits!), gradients }
}

describe('the loss', () => {
  test.each<[string, Partial<DinoSettings>]>([
    ['with DILEMMA and a local crop', {}],
    [
      'dense, swapped places, a learned table, lengths that are learned, drop path',
      {
        ...{ sparsity: 0, claims: 'permute', positions: 'learned' },
        ...{ unitPrototypes: false, depth: 2, dropPath: 0.5 },
      },
    ],
    ['plain, without local crops', { ...plain, localCrops: 0 }],
    ['sparse, eight local crops too', { dilemma: false, sparseLocals: true, localCrops: 8 }],
  ])('%s: its terms are those that are described, and all has a gradient', async (_, changes) => {
    const parameters = modelOf(changes)
    const { values, gradients } = await stepOf(changes, parameters)
    for (const { key } of metricsOf(dino, { ...small, ...changes }))
      expect(Number.isFinite(values[key]), key).toBe(true)
    expect(values.divergence).toBeCloseTo(values.hostLoss! - values.teacherEntropy!, 5)
    for (const [name, gradient] of gradients)
      expect(gradient.some((value) => value !== 0) && gradient.every(Number.isFinite), name).toBe(
        true,
      )
    parameters.dispose()
  })

  test('D25 no sparsity, no wrong place and no draw reaches what the teacher says', async () => {
    const parameters = modelOf({})
    const { values, logits } = await stepOf({}, parameters)
    for (const [changes, step] of [
      [{ sparsity: 0.75 }, 0],
      [{ mismatch: 0.9, claims: 'uniform' }, 0],
      [{ localCrops: 0 }, 0],
      [{}, 7],
    ] as const) {
      const other = await stepOf(changes, parameters, step)
      expect(other.logits).toEqual(logits)
      expect(other.values.loss).not.toEqual(values.loss)
    }
    parameters.dispose()
  })

  test('λ weighs the detection', async () => {
    const parameters = modelOf({})
    for (const dilemmaWeight of [0, 2.5]) {
      const { values } = await stepOf({ dilemmaWeight }, parameters)
      expect(values.loss).toBeCloseTo(values.hostLoss! + dilemmaWeight * values.bce!, 5)
    }
    parameters.dispose()
  })
})
