import * as tf from '@tensorflow/tfjs'
import { describe, expect, test } from 'vitest'
import type { InputValues } from '../../engine/inputTensors.ts'
import { Parameters } from '../../engine/parameters.ts'
import { noise } from '../../engine/testing/noise.ts'
import { useEngine } from '../../engine/testing/opCase.ts'
import { take, upload } from '../../engine/testing/run.ts'
import { metricsOf } from '../description.ts'
import { livelySpecs } from '../../models/testing/sources.ts'
import { presetValues } from '../../settings/selection.ts'
import { loadMethod } from '../load.ts'
import type { StepBatch } from '../method.ts'
import { mocov3 } from './description.ts'
import { method } from './method.ts'
import type { Mocov3Settings } from './settings.ts'
import { training } from './training.ts'

const engine = useEngine()

const BATCH = 4

/** Small enough for a software adapter: 16 patches of 8 pixels. */
const small: Mocov3Settings = {
  ...(presetValues(mocov3, 'tiny') as Mocov3Settings),
  batchSize: BATCH,
  patchSize: '8',
  width: 12,
  depth: 1,
  heads: 3,
  mlpRatio: 1,
  projectorWidth: 16,
  projectionSize: 8,
  predictorWidth: 16,
}

const plain: Partial<Mocov3Settings> = { dilemma: false, sparsity: 0 }

test('the method is found by its id', async () => {
  expect(await loadMethod('mocov3')).toBe(method)
  expect(method.id).toBe(mocov3.id)
  expect(mocov3.hasTeacher).toBe(method.teacher !== undefined)
  expect(method.teacher!.order).toBe('before')
  expect(mocov3.hasSimilarity).toBe(method.similarity !== undefined)
})

describe('step inputs', () => {
  const inputs = (changes: Partial<Mocov3Settings> = {}, seed = 1, step = 0) =>
    training.stepInputs({ ...small, ...changes }, { seed, step }, BATCH)
  const names = (changes: Partial<Mocov3Settings>) => Object.keys(inputs(changes)).sort()
  const claims = ['claimed0', 'claimed1', 'labels0', 'labels1', 'real0', 'real1']

  test('plain MoCo-v3 has its temperature alone', () => {
    expect(names(plain)).toEqual(['temperature'])
    expect(inputs({ temperature: 0.25 }).temperature!.data).toEqual(Float32Array.of(0.25))
  })

  test('sparsity adds what is shown; DILEMMA what it claims and λ, dense as well', () => {
    expect(names({ dilemma: false })).toEqual(['real0', 'real1', 'temperature'])
    expect(names({})).toEqual([
      ...claims.slice(0, 2),
      'dilemmaWeight',
      ...claims.slice(2),
      'temperature',
    ])
    expect(names({ sparsity: 0 })).toEqual(names({}))
    expect(inputs({ sparsity: 0.75 }).real1!.shape).toEqual([BATCH, 4])
  })

  test('every view has a draw of its own, the same at the same step', () => {
    const first = inputs()
    expect(inputs()).toEqual(first)
    expect(first.real0!.data).not.toEqual(first.real1!.data)
    for (const other of [inputs({}, 2), inputs({}, 1, 1)])
      for (const name of ['real0', 'real1'])
        expect(other[name]!.data, name).not.toEqual(first[name]!.data)
  })
})

describe('parameters', () => {
  const specs = (changes: Partial<Mocov3Settings> = {}) =>
    training.parameters({ ...small, ...changes })

  test('all of them decay, as in the official code, or the weights of linear layers alone', () => {
    expect(specs().every(({ decay }) => decay)).toBe(true)
    for (const { name, shape, decay } of specs({ decayAll: false }))
      expect(decay, name).toBe(shape.length === 2 || shape.length === 4)
  })

  test('the detector comes and goes with DILEMMA; the rest begins with the same values', () => {
    const [withIt, without] = [specs(), specs({ dilemma: false })]
    const named = new Map(withIt.map((spec) => [spec.name, spec]))
    expect(withIt.length).toBe(without.length + 2)
    for (const { name, initial } of without) expect(named.get(name)!.initial()).toEqual(initial())
  })

  test('begin as in the official code: q, k and v apart, class token near zero, no bias', () => {
    const { width } = small
    const largestOf = (name: string): number => {
      const values = specs()
        .find((spec) => spec.name === `base_encoder.${name}`)!
        .initial()
      return Math.max(...values.map(Math.abs))
    }
    const bound = Math.sqrt(6 / (2 * width))
    expect(largestOf('blocks.0.attn.qkv.weight')).toBeLessThanOrEqual(1.000001 * bound)
    expect(largestOf('blocks.0.attn.qkv.weight')).toBeGreaterThan(0.95 * bound)
    expect(largestOf('blocks.0.attn.proj.weight')).toBeLessThanOrEqual(1.000001 * bound)
    expect(largestOf('cls_token')).toBeLessThan(1e-5)
    expect(largestOf('cls_token')).toBeGreaterThan(1e-8)
    for (const name of ['patch_embed.proj.bias', 'blocks.0.attn.qkv.bias', 'blocks.0.mlp.fc1.bias'])
      expect(largestOf(name), name).toBe(0)
  })

  test('a frozen patch embedding is never trained, and the teacher has it too', () => {
    const frozen = specs({ freezePatches: true }).filter(({ trainedFrom = 1 }) => trainedFrom > 1)
    expect(frozen.map(({ name, trainedFrom }) => [name, trainedFrom])).toEqual([
      ['base_encoder.patch_embed.proj.weight', Infinity],
      ['base_encoder.patch_embed.proj.bias', Infinity],
    ])
    expect(frozen.every(({ name }) => training.teacher!.averages(name))).toBe(true)
    expect(specs().some(({ trainedFrom = 1 }) => trainedFrom > 1)).toBe(false)
  })
})

const asTensors = (values: Readonly<Record<string, InputValues>>): Record<string, tf.Tensor> =>
  Object.fromEntries(
    Object.entries(values).map(([name, { shape, data }]) => [
      name,
      tf.tensor(Float32Array.from(data), [...shape]),
    ]),
  )

/** Parameters in which everything matters, with a teacher that is not the student. */
function modelOf(changes: Partial<Mocov3Settings>): Parameters {
  const specs = livelySpecs(training.parameters({ ...small, ...changes }))
  const parameters = new Parameters(engine(), specs, (name) => training.teacher!.averages(name))
  return parameters
}

/** Loss, terms, keys and gradients of a step on noise; all on the host. */
async function stepOf(
  changes: Partial<Mocov3Settings>,
  parameters: Parameters,
  change: (inputs: Record<string, tf.Tensor>) => Record<string, tf.Tensor> = (inputs) => inputs,
  step = 0,
) {
  const settings = { ...small, ...changes }
  const kept: Record<string, tf.Tensor> = {}
  const grads = tf.tidy(() => {
    const views = [20, 21].map((seed) => upload<tf.Rank.R4>(noise([BATCH, 32, 32, 3], seed)))
    const inputs = change(asTensors(training.stepInputs(settings, { seed: 1, step }, BATCH)))
    const targets = training.teacher!.targets(settings, { views, inputs }, parameters.teacher!)
    const batch: StepBatch = { views, inputs, targets }
    const { grads, value } = tf.valueAndGrads(() => {
      const { loss, terms } = training.loss(batch, parameters, settings)
      for (const [name, term] of Object.entries(terms)) kept[name] = tf.keep(term.clone())
      return loss
    })(parameters.tensors())
    for (const [name, tensor] of Object.entries({ ...targets, loss: value }))
      kept[name] = tf.keep(tensor.clone())
    return grads
  })
  const values: Record<string, Float32Array> = {}
  for (const [name, tensor] of Object.entries(kept)) values[name] = await take(tensor)
  const gradients = new Map<string, Float32Array>()
  for (const [i, { name }] of parameters.segments.entries())
    gradients.set(name, await take(grads[i]!))
  return { values, gradients }
}

const numberOf = ({ values }: Awaited<ReturnType<typeof stepOf>>, name: string): number =>
  values[name]![0]!

describe('the loss', () => {
  test.each<[string, Partial<Mocov3Settings>]>([
    ['with DILEMMA', {}],
    [
      'dense, swapped places, a learned table',
      { sparsity: 0, claims: 'permute', positions: 'learned' },
    ],
    ['plain', plain],
    ['sparse', { dilemma: false }],
  ])(
    '%s: its terms are those that are described, and every parameter has a gradient',
    async (_, changes) => {
      const parameters = modelOf(changes)
      const { values, gradients } = await stepOf(changes, parameters)
      const metrics = metricsOf(mocov3, { ...small, ...changes })
      const known = Object.keys(values).filter((key) => !key.startsWith('keys'))
      expect(known.sort()).toEqual(metrics.map(({ key }) => key).sort())
      for (const value of Object.values(values)) expect(value.every(Number.isFinite)).toBe(true)
      for (const [name, gradient] of gradients)
        expect(gradient.some((value) => value !== 0) && gradient.every(Number.isFinite), name).toBe(
          true,
        )
      parameters.dispose()
    },
  )

  test('D6 nothing dropped and p = 0 is plain MoCo-v3, and with patches dropped the sparse host', async () => {
    const [parameters, hosts] = [modelOf({}), modelOf({ dilemma: false })]
    const hostOf = async (sparsity: number): Promise<number> =>
      numberOf(await stepOf({ sparsity, mismatch: 0 }, parameters), 'hostLoss')
    const alone = async (sparsity: number): Promise<number> =>
      numberOf(await stepOf({ sparsity, dilemma: false }, hosts), 'loss')
    expect(await hostOf(0)).toBeCloseTo(await alone(0), 4)
    // The same patches in the same order: the same bits.
    expect(await hostOf(0.5)).toBe(await alone(0.5))
    parameters.dispose()
    hosts.dispose()
  })

  test('D27 wrong places change what the student sees; they reach the position table', async () => {
    const changes = { positions: 'learned', mismatch: 0.9 } as const
    const parameters = modelOf(changes)
    const told = await stepOf(changes, parameters)
    const true_ = await stepOf(changes, parameters, (inputs) => ({
      ...inputs,
      claimed0: inputs.real0!,
      claimed1: inputs.real1!,
    }))
    expect(Math.abs(numberOf(told, 'bce') - numberOf(true_, 'bce'))).toBeGreaterThan(1e-4)
    expect(Math.abs(numberOf(told, 'hostLoss') - numberOf(true_, 'hostLoss'))).toBeGreaterThan(1e-4)
    // Rows of the table that no one claims have no gradient; with claims in other places these are others.
    const table = 'base_encoder.pos_embed'
    expect(told.gradients.get(table)).not.toEqual(true_.gradients.get(table))
    parameters.dispose()
  })

  test('D25 no sparsity, no wrong place and no draw reaches the teacher’s keys', async () => {
    const parameters = modelOf({})
    const { values } = await stepOf({}, parameters)
    for (const [changes, step] of [
      [{ sparsity: 0.75 }, 0],
      [{ mismatch: 0.9, claims: 'uniform' }, 0],
      [{}, 7],
    ] as const) {
      const other = await stepOf(changes, parameters, undefined, step)
      expect(other.values.keys0).toEqual(values.keys0)
      expect(other.values.keys1).toEqual(values.keys1)
      expect(other.values.loss).not.toEqual(values.loss)
    }
    parameters.dispose()
  })

  test('λ weighs the detection', async () => {
    const parameters = modelOf({})
    for (const dilemmaWeight of [0, 1, 2.5]) {
      const result = await stepOf({ dilemmaWeight }, parameters)
      const expected = numberOf(result, 'hostLoss') + dilemmaWeight * numberOf(result, 'bce')
      expect(numberOf(result, 'loss')).toBeCloseTo(expected, 5)
    }
    parameters.dispose()
  })
})
