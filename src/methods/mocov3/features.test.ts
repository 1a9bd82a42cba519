import * as tf from '@tensorflow/tfjs'
import { expect, test } from 'vitest'
import { Parameters } from '../../engine/parameters.ts'
import { noise } from '../../engine/testing/noise.ts'
import { useEngine } from '../../engine/testing/opCase.ts'
import { take, upload } from '../../engine/testing/run.ts'
import { livelySpecs } from '../../models/testing/sources.ts'
import { presetValues } from '../../settings/selection.ts'
import { mocov3 } from './description.ts'
import { method } from './method.ts'
import type { Mocov3Settings } from './settings.ts'

const engine = useEngine()

const settings: Mocov3Settings = {
  ...(presetValues(mocov3, 'tiny') as Mocov3Settings),
  patchSize: '8',
  width: 12,
  depth: 2,
  heads: 3,
  mlpRatio: 1,
  projectorWidth: 16,
  projectionSize: 8,
  predictorWidth: 16,
}

test('every representation can be read, of a teacher that is not the student', async () => {
  const specs = livelySpecs(method.parameters(settings))
  const parameters = new Parameters(engine(), specs, (name) => method.teacher!.averages(name))
  const teacher = parameters.teacher!
  teacher.write((await teacher.read()).map((value) => 0.5 * value))
  const wanted = mocov3.representations(settings).map(({ id }) => id)
  expect(wanted[0]).toBe('class')
  const views = upload<tf.Rank.R4>(noise([3, 32, 32, 3], 1))
  const [tokens, ...features] = tf.tidy(() => {
    const found = method.features(settings, views, parameters, { wanted })
    return [found.tokens!, ...found.features]
  })
  const read = new Map<string, Float32Array>()
  for (const [i, tensor] of features.entries()) {
    expect(tensor.shape, wanted[i]).toEqual([3, 12])
    const values = await take(tensor)
    expect(values.every(Number.isFinite), wanted[i]).toBe(true)
    read.set(wanted[i]!, values)
  }
  expect(tokens.shape).toEqual([3, 16, 12])
  for (const [ofTeacher, ofStudent] of [
    ['class', 'studentClass'],
    ['tokens', 'studentTokens'],
  ] as const)
    expect(read.get(ofTeacher)).not.toEqual(read.get(ofStudent))
  tf.dispose([tokens, views])
  parameters.dispose()
})

test('layers are counted within the transformer; heads and detector have none', () => {
  const layers = Object.fromEntries(
    method.parameters(settings).map(({ name }) => [name, method.layerOf(settings, name)]),
  )
  expect(layers).toMatchObject({
    'base_encoder.cls_token': 0,
    'base_encoder.patch_embed.proj.weight': 0,
    'base_encoder.blocks.0.attn.qkv.weight': 1,
    'base_encoder.blocks.1.mlp.fc2.bias': 2,
    'base_encoder.norm.weight': 3,
    'base_encoder.head.0.weight': null,
    'predictor.3.weight': null,
    'dilemma_head.weight': null,
  })
  expect(method.lastLayer(settings)).toBe(3)
})
