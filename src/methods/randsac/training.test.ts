import * as tf from '@tensorflow/tfjs'
import { describe, expect, test } from 'vitest'
import type { InputValues } from '../../engine/inputTensors.ts'
import { Parameters } from '../../engine/parameters.ts'
import { Stream } from '../../engine/random.ts'
import { noise } from '../../engine/testing/noise.ts'
import { useEngine } from '../../engine/testing/opCase.ts'
import { take, upload } from '../../engine/testing/run.ts'
import { presetValues } from '../../settings/selection.ts'
import { loadMethod } from '../load.ts'
import { randsac } from './description.ts'
import { method } from './method.ts'
import { segmentPlanOf } from './segments/plan.ts'
import { drawRanks } from './segments/serialisation.ts'
import type { RandsacSettings } from './settings.ts'
import { training } from './training.ts'

const engine = useEngine()

const tiny = presetValues(randsac, 'tiny') as RandsacSettings
const smallest: RandsacSettings = {
  ...tiny,
  patchSize: '8',
  segmentSize: '1',
  width: 12,
  depth: 2,
  decoderDepth: 2,
  heads: 3,
  headInitialisation: 'xavier',
}

test('the method is found by its id, and has what its description says', async () => {
  expect(await loadMethod('randsac')).toBe(method)
  expect(method.id).toBe(randsac.id)
  expect(randsac.hasTeacher).toBe(method.teacher !== undefined)
  expect(randsac.hasOrder).toBe(method.order !== undefined)
})

test('one view, cropped and flipped, without colours', () => {
  expect(training.views(tiny)).toEqual([{ crop: { scaleMin: 0.6, flipProbability: 0.5 } }])
  expect(training.views({ ...tiny, cropScaleMin: 1, flipProbability: 0 })).toEqual([
    { crop: { scaleMin: 1, flipProbability: 0 } },
  ])
})

test('layers for fine-tuning: embedding, blocks, head; none for what only pretraining needs', () => {
  const layers = new Map<string, number | null>(
    training
      .parameters(smallest)
      .map(({ name }) => [name.replace(/\.(weight|bias)$/, ''), method.layerOf(smallest, name)]),
  )
  expect(layers.get('patch_embed.proj')).toBe(0)
  expect(layers.get('blocks.1.mlp.fc2')).toBe(2)
  expect(method.lastLayer(smallest)).toBe(3)
  const unused = [...layers].filter(([, layer]) => layer === null).map(([name]) => name)
  expect(unused.every((name) => /^(decoder_|skip_connection)/.test(name))).toBe(true)
  expect(unused).toContain('skip_connection')
})

describe('step inputs', () => {
  const inputs = (changes: Partial<RandsacSettings> = {}, seed = 1, step = 0, batch = 5) =>
    training.stepInputs({ ...tiny, ...changes }, { seed, step }, batch)

  test.each([
    ['8', [5, 16], Uint8Array],
    ['4', [5, 64], Uint8Array],
    ['2', [5, 256], Uint8Array],
    ['1', [5, 1024], Float32Array],
  ] as const)('patches of %s pixels: ranks of shape %o', (patchSize, shape, kind) => {
    const { ranks } = inputs({ patchSize })
    expect(ranks!.shape).toEqual(shape)
    expect(ranks!.data).toHaveLength(shape[0] * shape[1])
    expect(ranks!.data).toBeInstanceOf(kind)
  })

  test('are drawn at seed, step and image', () => {
    const first = inputs()
    expect(first.ranks!.data).toEqual(drawRanks(segmentPlanOf(tiny), [1, Stream.mask, 0], 5))
    expect(inputs()).toEqual(first)
    for (const other of [inputs({}, 2), inputs({}, 1, 1)])
      expect(other.ranks!.data).not.toEqual(first.ranks!.data)
  })

  test('have the same shapes whatever the scheme', () => {
    const shapes = (changes: Partial<RandsacSettings>) => inputs(changes).ranks!.shape
    for (const segmentKind of ['patches', 'square', 'blob'] as const)
      for (const orderScope of ['image', 'batch'] as const)
        expect(shapes({ segmentKind, orderScope, shuffleSegments: true })).toEqual([5, 64])
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

/** What a step reports: names of terms, shapes of tables. */
interface Reported {
  terms: readonly string[]
  tables: Readonly<Record<string, readonly number[]>>
}

/** Loss and gradients of one step, and what it reports; frees everything else. */
function stepOf(settings: RandsacSettings, parameters: Parameters) {
  const reported: Reported = { terms: [], tables: {} }
  const { value, grads } = tf.tidy(() => {
    const views = [upload<tf.Rank.R4>(noise([BATCH, 32, 32, 3], 20))]
    const inputs = asTensors(training.stepInputs(settings, { seed: 1, step: 0 }, BATCH))
    return tf.valueAndGrads(() => {
      const result = training.loss({ views, inputs, targets: {} }, parameters, settings)
      reported.terms = Object.keys(result.terms)
      reported.tables = Object.fromEntries(
        Object.entries(result.tables!).map(([key, { shape }]) => [key, shape]),
      )
      return result.loss
    })(parameters.tensors())
  })
  return { loss: value, grads, reported }
}

describe('the loss', () => {
  test.each<[string, Partial<RandsacSettings>]>([
    ['squares', {}],
    ['no skip connections, raw pixels', { skipConnections: false, target: 'raw' }],
    [
      'blobs, last layer alone, no norm of the memory',
      { segmentKind: 'blob', skipInitialisation: 'lastLayer', memoryNorm: false },
    ],
  ])('reaches every parameter, and reports what is described: %s', async (_, changes) => {
    const settings = { ...smallest, ...changes }
    const parameters = new Parameters(engine(), training.parameters(settings))
    const { loss, grads, reported } = stepOf(settings, parameters)
    expect(Number.isFinite((await take(loss))[0])).toBe(true)
    expect(['loss', ...reported.terms]).toEqual(randsac.metrics.map(({ key }) => key))
    expect(reported.tables).toEqual(
      Object.fromEntries(
        randsac.tables!(settings).map(({ key, rows, columns }) => [
          key,
          [rows?.at.length ?? 2, columns.at.length],
        ]),
      ),
    )
    for (const [i, { name, shape }] of parameters.segments.entries()) {
      expect(grads[i]!.shape, name).toEqual(shape)
      const values = await take(grads[i]!)
      expect(values.every(Number.isFinite), name).toBe(true)
      // A norm takes away what the bias of the skip connections adds.
      if (name === 'skip_connection.bias' && settings.memoryNorm) continue
      expect(
        values.some((value) => value !== 0),
        name,
      ).toBe(true)
    }
    parameters.dispose()
  })
})
