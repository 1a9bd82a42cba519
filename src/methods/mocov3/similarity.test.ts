import * as tf from '@tensorflow/tfjs'
import { expect, test } from 'vitest'
import { Parameters } from '../../engine/parameters.ts'
import { noise } from '../../engine/testing/noise.ts'
import { useEngine } from '../../engine/testing/opCase.ts'
import { take, upload } from '../../engine/testing/run.ts'
import { livelySpecs } from '../../models/testing/sources.ts'
import { presetValues } from '../../settings/selection.ts'
import { networkConfig } from './config.ts'
import { mocov3 } from './description.ts'
import { method } from './method.ts'
import type { Mocov3Settings } from './settings.ts'
import { studentAnswer, teacherAnswer } from './step.ts'

const engine = useEngine()

const IMAGES = 5

const settings: Mocov3Settings = {
  ...(presetValues(mocov3, 'tiny') as Mocov3Settings),
  patchSize: '8',
  width: 12,
  depth: 1,
  heads: 3,
  mlpRatio: 1,
  projectorWidth: 16,
  projectionSize: 8,
  predictorWidth: 16,
  temperature: 0.3,
}

const rowsOf = (values: Float32Array): number[][] =>
  Array.from({ length: IMAGES }, (_, row) => [
    ...values.subarray((row * values.length) / IMAGES, ((row + 1) * values.length) / IMAGES),
  ])

const dot = (a: readonly number[], b: readonly number[]): number =>
  a.reduce((sum, value, i) => sum + value * b[i]!, 0)

test('queries of view 1 are compared with keys of view 2, of whole views, whatever is dropped', async () => {
  const specs = livelySpecs(method.parameters(settings))
  const parameters = new Parameters(engine(), specs, (name) => method.teacher!.averages(name))
  const views = [1, 2].map((seed) => upload<tf.Rank.R4>(noise([IMAGES, 32, 32, 3], seed)))

  const { cosines, ...rest } = await method.similarity!(settings, views, parameters)
  expect(rest).toEqual({
    rows: 'Queries of view 1',
    columns: 'Keys of view 2',
    temperature: 0.3,
    of: [0, 1],
  })
  const config = networkConfig(settings)
  const { queries, keys } = tf.tidy(() => ({
    queries: studentAnswer(config, views, [], parameters).queries[0],
    keys: teacherAnswer(config, views, parameters.teacher!).keys[1],
  }))
  const [q, k] = [rowsOf(await take(queries)), rowsOf(await take(keys))]
  for (const [row, query] of q.entries())
    for (const [column, key] of k.entries()) {
      const cosine = dot(query, key) / (Math.hypot(...query) * Math.hypot(...key))
      expect(cosines[row * IMAGES + column]).toBeCloseTo(cosine, 5)
    }

  const before = engine().memory().tensors
  const sparser = { ...settings, sparsity: 0.9, mismatch: 0.9 }
  expect((await method.similarity!(sparser, views, parameters)).cosines).toEqual(cosines)
  expect(engine().memory().tensors).toBe(before)
  tf.dispose(views)
  parameters.dispose()
})
