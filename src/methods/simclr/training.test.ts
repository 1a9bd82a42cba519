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
import { networkConfig } from './config.ts'
import { simclr } from './description.ts'
import { method } from './method.ts'
import type { SimclrSettings } from './settings.ts'
import { answer } from './step.ts'
import { training } from './training.ts'

const engine = useEngine()

const BATCH = 4

/** Small enough for a software adapter: 16 patches of 8 pixels. */
const small: SimclrSettings = {
  ...(presetValues(simclr, 'tiny') as SimclrSettings),
  batchSize: BATCH,
  patchSize: '8',
  width: 12,
  depth: 1,
  heads: 3,
  mlpRatio: 1,
  projectionSize: 8,
}

type Changes = Partial<SimclrSettings>

const plain: Changes = { dilemma: false, sparsity: 0 }

test('the method is found by its id', async () => {
  expect(await loadMethod('simclr')).toBe(method)
  expect(method.id).toBe(simclr.id)
  expect(simclr.hasTeacher).toBe(method.teacher !== undefined)
  expect(simclr.hasSimilarity).toBe(method.similarity !== undefined)
})

describe('step inputs', () => {
  const names = (changes: Changes) =>
    Object.keys(training.stepInputs({ ...small, ...changes }, { seed: 1, step: 0 }, BATCH)).sort()

  test('have claims of both views (S1) or of the first alone (S2); none where nothing is hidden or asked', () => {
    const rest = ['dilemmaWeight', 'temperature']
    const claims = (view: number) => [`claimed${view}`, `labels${view}`, `real${view}`]
    expect(names({})).toEqual([...claims(0), ...claims(1), ...rest].sort())
    expect(names({ denseView: true })).toEqual([...claims(0), ...rest].sort())
    expect(names({ dilemma: false })).toEqual(['real0', 'real1', 'temperature'])
    expect(names({ dilemma: false, denseView: true })).toEqual(['real0', 'temperature'])
    expect(names(plain)).toEqual(['temperature'])
  })
})

test('the detector comes and goes with DILEMMA; the rest begins with the same values', () => {
  const specs = (changes: Changes) => training.parameters({ ...small, ...changes })
  const [withIt, without] = [specs({}), specs({ dilemma: false })]
  const named = new Map(withIt.map((spec) => [spec.name, spec]))
  expect(withIt.length).toBe(without.length + 2)
  for (const { name, initial } of without) expect(named.get(name)!.initial()).toEqual(initial())
})

test('a step costs what the cost model says', () => {
  const studentOf = (changes: Changes) => simclr.tokenCounts({ ...small, ...changes }).student
  const whole = studentOf(plain)
  expect(whole).toBe(2 * 16)
  expect(studentOf({ sparsity: 0.5 }) / whole).toBe(0.5)
  expect(studentOf({ sparsity: 0.75 }) / whole).toBe(0.25)
  expect(studentOf({ sparsity: 0.5, denseView: true }) / whole).toBe(0.75)
})

const asTensors = (values: Readonly<Record<string, InputValues>>): Record<string, tf.Tensor> =>
  Object.fromEntries(
    Object.entries(values).map(([name, { shape, data }]) => [
      name,
      tf.tensor(Float32Array.from(data), [...shape]),
    ]),
  )

/** Parameters in which everything matters. */
const modelOf = (changes: Changes): Parameters =>
  new Parameters(engine(), livelySpecs(training.parameters({ ...small, ...changes })))

/** Loss, terms and gradients of a step on noise; all on the host. */
async function stepOf(
  changes: Changes,
  parameters: Parameters,
  change: (inputs: Record<string, tf.Tensor>) => Record<string, tf.Tensor> = (inputs) => inputs,
) {
  const settings = { ...small, ...changes }
  const kept = new Map<string, tf.Tensor>()
  const grads = tf.tidy(() => {
    const views = [20, 21].map((seed) => upload<tf.Rank.R4>(noise([BATCH, 32, 32, 3], seed)))
    const inputs = change(asTensors(training.stepInputs(settings, { seed: 1, step: 0 }, BATCH)))
    return tf.valueAndGrads(() => {
      const { loss, terms } = training.loss({ views, inputs, targets: {} }, parameters, settings)
      for (const [name, term] of Object.entries({ loss, ...terms }))
        kept.set(name, tf.keep(term.clone()))
      return loss
    })(parameters.tensors()).grads
  })
  const values: Record<string, number> = {}
  for (const [name, tensor] of kept) values[name] = (await take(tensor))[0]!
  const gradients = new Map<string, Float32Array>()
  for (const [i, { name }] of parameters.segments.entries())
    gradients.set(name, await take(grads[i]!))
  return { values, gradients }
}

describe('the loss', () => {
  test.each<[string, Changes]>([
    ['with DILEMMA in both views', {}],
    ['with DILEMMA in one view', { denseView: true }],
    [
      'dense, swapped places, a learned table',
      { sparsity: 0, claims: 'permute', positions: 'learned' },
    ],
    ['plain', plain],
    ['sparse in one view', { dilemma: false, denseView: true }],
  ])('%s: terms as described, and a gradient of every parameter', async (_, changes) => {
    const parameters = modelOf(changes)
    const { values, gradients } = await stepOf(changes, parameters)
    const metrics = metricsOf(simclr, { ...small, ...changes })
    expect(Object.keys(values).sort()).toEqual(metrics.map(({ key }) => key).sort())
    expect(Object.values(values).every(Number.isFinite)).toBe(true)
    for (const [name, gradient] of gradients)
      expect(gradient.some((value) => value !== 0) && gradient.every(Number.isFinite), name).toBe(
        true,
      )
    parameters.dispose()
  })

  test('D6 nothing dropped and p = 0 is plain SimCLR, and with patches dropped the sparse host', async () => {
    const [parameters, withoutDetector] = [modelOf({}), modelOf({ dilemma: false })]
    const hostOf = async (changes: Changes): Promise<number> =>
      (await stepOf({ ...changes, mismatch: 0 }, parameters)).values.hostLoss!
    const alone = async (changes: Changes): Promise<number> =>
      (await stepOf({ ...changes, dilemma: false }, withoutDetector)).values.loss!
    expect(await hostOf({ sparsity: 0 })).toBeCloseTo(await alone({ sparsity: 0 }), 4)
    // The same patches in the same order: the same bits.
    expect(await hostOf({})).toBe(await alone({}))
    expect(await hostOf({ denseView: true })).toBe(await alone({ denseView: true }))
    parameters.dispose()
    withoutDetector.dispose()
  })

  test('D27 wrong places change what is seen, and reach the position table; λ weighs their detection', async () => {
    const changes = { positions: 'learned', mismatch: 0.9, dilemmaWeight: 2.5 } as const
    const parameters = modelOf(changes)
    const told = await stepOf(changes, parameters)
    const true_ = await stepOf(changes, parameters, (inputs) => ({
      ...inputs,
      claimed0: inputs.real0!,
      claimed1: inputs.real1!,
    }))
    for (const key of ['bce', 'hostLoss'])
      expect(Math.abs(told.values[key]! - true_.values[key]!), key).toBeGreaterThan(1e-4)
    const table = 'encoder.pos_embed'
    expect(told.gradients.get(table)).not.toEqual(true_.gradients.get(table))
    const { loss, hostLoss, bce } = told.values
    expect(loss).toBeCloseTo(hostLoss! + 2.5 * bce!, 5)
    parameters.dispose()
  })
})

test('similarity compares projections of both views, whole, whatever is dropped', async () => {
  const IMAGES = 5
  const parameters = modelOf({})
  const views = [1, 2].map((seed) => upload<tf.Rank.R4>(noise([IMAGES, 32, 32, 3], seed)))
  const { cosines, ...rest } = await method.similarity!(small, views, parameters)
  expect(rest).toEqual({
    rows: 'Projections of view 1',
    columns: 'Projections of view 2',
    temperature: small.temperature,
    of: [0, 1],
  })
  const projections = await take(
    tf.tidy(
      () => answer(networkConfig(small), [{ images: tf.concat(views) }], parameters).projections,
    ),
  )
  const rowOf = (row: number): Float32Array =>
    projections.subarray(small.projectionSize * row, small.projectionSize * (row + 1))
  const product = (a: Float32Array, b: Float32Array): number =>
    a.reduce((sum, value, i) => sum + value * b[i]!, 0)
  for (let i = 0; i < IMAGES ** 2; i++) {
    const [a, b] = [rowOf(Math.floor(i / IMAGES)), rowOf(IMAGES + (i % IMAGES))]
    expect(cosines[i]).toBeCloseTo(product(a, b) / Math.sqrt(product(a, a) * product(b, b)), 5)
  }
  const before = engine().memory().tensors
  const sparser = { ...small, sparsity: 0.9, mismatch: 0.9 }
  expect((await method.similarity!(sparser, views, parameters)).cosines).toEqual(cosines)
  expect(engine().memory().tensors).toBe(before)
  tf.dispose(views)
  parameters.dispose()
})
