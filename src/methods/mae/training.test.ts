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
import { mae } from './description.ts'
import { method } from './method.ts'
import type { MaeSettings } from './settings.ts'
import { training } from './training.ts'

const engine = useEngine()

const BATCH = 4

/** Small enough for a software adapter: 16 patches of 8 pixels, 4 of them visible. */
const small: MaeSettings = {
  ...(presetValues(mae, 'tiny') as MaeSettings),
  batchSize: BATCH,
  patchSize: '8',
  width: 12,
  depth: 1,
  heads: 3,
  mlpRatio: 1,
  decoderWidth: 8,
  decoderHeads: 2,
}

const plain = { dilemma: false } as const

test('the method is found by its id', async () => {
  expect(await loadMethod('mae')).toBe(method)
  expect(method.id).toBe(mae.id)
  expect(method.teacher).toBeUndefined()
  expect(mae.hasTeacher).toBe(false)
})

describe('step inputs', () => {
  const inputs = (changes: Partial<MaeSettings> = {}, seed = 1, step = 0) =>
    training.stepInputs({ ...small, ...changes }, { seed, step }, BATCH)

  test('plain MAE has its visible patches alone; DILEMMA adds their claims and λ', () => {
    expect(Object.keys(inputs(plain))).toEqual(['real0'])
    expect(Object.keys(inputs()).sort()).toEqual(['claimed0', 'dilemmaWeight', 'labels0', 'real0'])
    expect(inputs().real0).toEqual(inputs(plain).real0)
    expect(inputs({ dilemmaWeight: 0.3 }).dilemmaWeight!.data).toEqual(Float32Array.of(0.3))
  })

  test('the mask ratio says how many; every step and seed draws others', () => {
    expect(inputs().real0!.shape).toEqual([BATCH, 4])
    expect(inputs({ maskRatio: 0.5 }).real0!.shape).toEqual([BATCH, 8])
    expect(inputs({ maskRatio: 0.95 }).real0!.shape).toEqual([BATCH, 1])
    const { data } = inputs().real0!
    expect(inputs().real0!.data).toEqual(data)
    expect(inputs({}, 2).real0!.data).not.toEqual(data)
    expect(inputs({}, 1, 1).real0!.data).not.toEqual(data)
  })
})

describe('parameters', () => {
  const specs = (changes: Partial<MaeSettings> = {}) =>
    training.parameters({ ...small, ...changes })

  test('weights of linear layers alone decay', () => {
    for (const { name, shape, decay } of specs())
      expect(decay, name).toBe(shape.length === 2 || shape.length === 4)
  })

  test('the detector comes and goes with DILEMMA; the rest begins with the same values', () => {
    const [withIt, without] = [specs(), specs(plain)]
    const named = new Map(withIt.map((spec) => [spec.name, spec]))
    expect(withIt.length).toBe(without.length + 2)
    for (const { name, initial } of without) expect(named.get(name)!.initial()).toEqual(initial())
  })

  test('no layer for decoder and detector', () => {
    const layers = new Map(specs().map(({ name }) => [name, method.layerOf(small, name)]))
    expect(layers.get('cls_token')).toBe(0)
    expect(layers.get('blocks.0.norm1.weight')).toBe(1)
    expect(layers.get('norm.weight')).toBe(method.lastLayer(small))
    for (const [name, layer] of layers)
      expect(layer === null, name).toBe(/^(decoder_|mask_token|dilemma_head)/.test(name))
  })
})

const asTensors = (values: Readonly<Record<string, InputValues>>): Record<string, tf.Tensor> =>
  Object.fromEntries(
    Object.entries(values).map(([name, { shape, data }]) => [
      name,
      tf.tensor(Float32Array.from(data), [...shape]),
    ]),
  )

const modelOf = (changes: Partial<MaeSettings> = {}): Parameters =>
  new Parameters(engine(), livelySpecs(training.parameters({ ...small, ...changes })))

/** Loss, terms and gradients of a step on noise; all on the host. */
async function stepOf(
  changes: Partial<MaeSettings>,
  parameters: Parameters,
  change: (inputs: Record<string, tf.Tensor>) => Record<string, tf.Tensor> = (inputs) => inputs,
) {
  const settings = { ...small, ...changes }
  const kept: Record<string, tf.Tensor> = {}
  const grads = tf.tidy(() => {
    const views = [upload<tf.Rank.R4>(noise([BATCH, 32, 32, 3], 20))]
    const inputs = change(asTensors(training.stepInputs(settings, { seed: 1, step: 0 }, BATCH)))
    const { grads, value } = tf.valueAndGrads(() => {
      const { loss, terms } = training.loss({ views, inputs, targets: {} }, parameters, settings)
      for (const [name, term] of Object.entries(terms)) kept[name] = tf.keep(term.clone())
      return loss
    })(parameters.tensors())
    kept.loss = tf.keep(value.clone())
    return grads
  })
  const values: Record<string, number> = {}
  for (const [name, tensor] of Object.entries(kept)) values[name] = (await take(tensor))[0]!
  const gradients = new Map<string, Float32Array>()
  for (const [i, { name }] of parameters.segments.entries())
    gradients.set(name, await take(grads[i]!))
  return { values, gradients }
}

describe('the loss', () => {
  test.each<[string, Partial<MaeSettings>]>([
    ['with DILEMMA', {}],
    [
      'raw, swapped places, a learned table, an honest decoder',
      { target: 'raw', claims: 'permute', positions: 'learned', decoderInput: 'honest' },
    ],
    ['plain', plain],
  ])(
    '%s: its terms are those that are described, and every parameter has a gradient',
    async (_, changes) => {
      const parameters = modelOf(changes)
      const { values, gradients } = await stepOf({ mismatch: 0.5, ...changes }, parameters)
      const metrics = metricsOf(mae, { ...small, ...changes })
      expect(Object.keys(values).sort()).toEqual(metrics.map(({ key }) => key).sort())
      for (const value of Object.values(values)) expect(value).toSatisfy(Number.isFinite)
      for (const [name, gradient] of gradients)
        expect(gradient.some((value) => value !== 0) && gradient.every(Number.isFinite), name).toBe(
          true,
        )
      parameters.dispose()
    },
  )

  test('D6 with p = 0 it is plain MAE’s, bit for bit', async () => {
    const [parameters, hosts] = [modelOf(), modelOf(plain)]
    const told = await stepOf({ mismatch: 0 }, parameters)
    expect(told.values.hostLoss).toBe((await stepOf(plain, hosts)).values.loss)
    parameters.dispose()
    hosts.dispose()
  })

  test.each(['sincos', 'learned'] as const)(
    'D27 wrong places reach the encoder, with %s positions',
    async (positions) => {
      const changes = { positions, mismatch: 0.9 }
      const parameters = modelOf(changes)
      const told = await stepOf(changes, parameters)
      const honest = await stepOf(changes, parameters, (inputs) => ({
        ...inputs,
        claimed0: inputs.real0!,
      }))
      expect(Math.abs(told.values.bce! - honest.values.bce!)).toBeGreaterThan(1e-4)
      expect(told.values.hostLoss).not.toBe(honest.values.hostLoss)
      // Rows that no one claims have no gradient; with claims in other places these are others.
      const table = positions === 'learned' ? 'pos_embed' : 'patch_embed.proj.weight'
      expect(told.gradients.get(table)).not.toEqual(honest.gradients.get(table))
      parameters.dispose()
    },
  )

  test('λ weighs the detection; an honest decoder changes the reconstruction alone', async () => {
    const parameters = modelOf()
    const changes = { mismatch: 0.5, dilemmaWeight: 2.5 }
    const { loss, hostLoss, bce } = (await stepOf(changes, parameters)).values
    expect(loss).toBeCloseTo(hostLoss! + 2.5 * bce!, 5)
    const honest = await stepOf({ ...changes, decoderInput: 'honest' }, parameters)
    expect(honest.values.bce).toBe(bce)
    expect(Math.abs(honest.values.hostLoss! - hostLoss!)).toBeGreaterThan(1e-4)
    parameters.dispose()
  })
})
