import * as tf from '@tensorflow/tfjs'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import type { Parameters, ParameterSource } from '../../engine/parameters.ts'
import { noise, worstError } from '../../engine/testing/noise.ts'
import { useEngine } from '../../engine/testing/opCase.ts'
import { take, upload } from '../../engine/testing/run.ts'
import { presetValues } from '../../settings/selection.ts'
import type { FeatureRequest } from '../method.ts'
import { networkConfig } from './config.ts'
import { extrema } from './description.ts'
import { features } from './features.ts'
import { ExtremaNetwork } from './network.ts'
import { representations } from './representations.ts'
import type { ExtremaSettings } from './settings.ts'
import { livelyParameters } from './testing/networks.ts'

const engine = useEngine()

const settings: ExtremaSettings = {
  ...(presetValues(extrema, 'tiny') as ExtremaSettings),
  patchSize: '8',
  width: 12,
  heads: 3,
}
const config = networkConfig(settings)
const IMAGES = 2
const CELLS = 16

let student: Parameters
let teacher: Parameters
let both: ParameterSource
beforeAll(() => {
  student = livelyParameters(engine(), config, {}, 1)
  teacher = livelyParameters(engine(), config, {}, 2)
  both = {
    get: (name) => student.get(name),
    has: (name) => student.has(name),
    teacher,
  }
})
afterAll(() => {
  student.dispose()
  teacher.dispose()
})

const images = (): tf.Tensor4D => upload(noise([IMAGES, 32, 32, 3], 1))

/** Features by representation, and the tokens, on the host. */
async function look(request: FeatureRequest, source = both) {
  const [tokens, ...rows] = tf.tidy(() => {
    const made = features(settings, images(), source, request)
    return [made.tokens!, ...made.features]
  })
  const tokenShape = tokens.shape
  const found = new Map<string, Float32Array>()
  for (const [i, id] of request.wanted.entries()) found.set(id, await take(rows[i]!))
  return { found, tokens: await take(tokens), tokenShape }
}

/** What a network makes of the images, on the host. */
const made = (by: Parameters, compute: (network: ExtremaNetwork) => tf.Tensor) =>
  take(tf.tidy(() => compute(new ExtremaNetwork(config, by))))

const ids = representations(settings).map(({ id }) => id)

test('every representation is a row of the width for an image, and another one than all others', async () => {
  const { found } = await look({ wanted: ids })
  expect([...found.keys()]).toEqual(ids)
  for (const [id, values] of found) {
    expect(values, id).toHaveLength(IMAGES * 12)
    expect(values.every(Number.isFinite), id).toBe(true)
  }
  expect(new Set([...found.values()].map((values) => values.join())).size).toBe(ids.length)
})

test('are read off the network that they name, before or after the norm', async () => {
  const { found } = await look({ wanted: ids })
  const tokens = (network: ExtremaNetwork) => network.tokens(images())
  const read = (network: ExtremaNetwork) => network.read(tokens(network))
  expect(found.get('instance')).toEqual(await made(teacher, (net) => net.norm(read(net))))
  expect(found.get('instancePreNorm')).toEqual(await made(teacher, read))
  expect(found.get('tokens')).toEqual(await made(teacher, (net) => tokens(net).mean(1)))
  expect(found.get('studentTokens')).toEqual(await made(student, (net) => tokens(net).mean(1)))
  expect(found.get('studentInstance')).toEqual(await made(student, (net) => net.norm(read(net))))
  const cell = async (at: number) =>
    made(teacher, (net) => tokens(net).slice([0, at, 0], [-1, 1, -1]))
  for (const [id, at] of [
    ['tokenCentre', 10],
    ['tokenTopLeft', 0],
    ['tokenTopRight', 3],
    ['tokenBottomLeft', 12],
    ['tokenBottomRight', 15],
  ] as const)
    expect(found.get(id), id).toEqual(await cell(at))
})

test('the tokens are those of the first representation’s network', async () => {
  const ofTeacher = await made(teacher, (network) => network.tokens(images()))
  const ofStudent = await made(student, (network) => network.tokens(images()))
  expect(await look({ wanted: [] })).toMatchObject({
    tokens: ofTeacher,
    tokenShape: [IMAGES, CELLS, 12],
  })
  expect((await look({ wanted: ['instance', 'studentTokens'] })).tokens).toEqual(ofTeacher)
  expect((await look({ wanted: ['studentTokens', 'instance'] })).tokens).toEqual(ofStudent)
})

test('a source of one network offers it as its teacher; without a teacher it is said so', async () => {
  const one: Pick<ParameterSource, 'get' | 'has'> = {
    get: (name) => student.get(name),
    has: (name) => student.has(name),
  }
  const alone: ParameterSource = { ...one, teacher: one }
  const { found } = await look({ wanted: ['instance', 'studentInstance'] }, alone)
  expect(found.get('instance')).toEqual(found.get('studentInstance'))
  await expect(look({ wanted: ['instance'] }, one)).rejects.toThrow('no teacher')
})

describe('kept patches and other positions', () => {
  test('only the patches that are kept are seen, each in its place', async () => {
    const cells = [1, 10, 15, 3]
    const kept = tf.tensor1d(cells)
    const { found, tokenShape } = await look({ wanted: ids, kept })
    kept.dispose()
    expect(tokenShape).toEqual([IMAGES, cells.length, 12])
    const masks = () => tf.tensor2d(Array.from({ length: IMAGES }, () => cells))
    const tokens = (network: ExtremaNetwork) => network.tokens(images(), { masks: masks() })
    const instance = await made(teacher, (net) => net.norm(net.read(tokens(net))))
    expect(worstError(found.get('instance')!, instance)).toBeLessThan(1e-5)
    const centre = await made(teacher, (net) => tokens(net).slice([0, 1, 0], [-1, 1, -1]))
    expect(worstError(found.get('tokenCentre')!, centre)).toBeLessThan(1e-5)
    // Its patch is gone.
    expect(found.get('tokenTopLeft')!.every((value) => value === 0)).toBe(true)
  })

  test('positions that are shuffled or removed change the features; the true ones do not', async () => {
    const wanted = ['instance', 'tokens']
    const { found: usual } = await look({ wanted })
    const order = Array.from({ length: CELLS }, (_, cell) => cell)
    const error = async (positions: tf.Tensor1D | 'removed') => {
      const { found } = await look({ wanted, positions })
      if (positions !== 'removed') positions.dispose()
      return Math.max(...wanted.map((id) => worstError(found.get(id)!, usual.get(id)!)))
    }
    expect(await error(tf.tensor1d(order))).toBeLessThan(1e-6)
    expect(await error(tf.tensor1d([...order].reverse()))).toBeGreaterThan(1e-2)
    expect(await error('removed')).toBeGreaterThan(1e-2)
  })
})
