import * as tf from '@tensorflow/tfjs'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { Parameters, type ParameterSource } from '../../engine/parameters.ts'
import { noise } from '../../engine/testing/noise.ts'
import { useEngine } from '../../engine/testing/opCase.ts'
import { take, upload } from '../../engine/testing/run.ts'
import { prefixedSpecs } from '../../models/prefixed.ts'
import { livelySpecs } from '../../models/testing/sources.ts'
import { Vit, type VitOptions } from '../../models/vit.ts'
import type { FeatureRequest } from '../method.ts'
import { hostDetector } from './detector.ts'
import { hostFeatures } from './features.ts'
import { detectorLogits, detectorParameters } from './head.ts'
import type { Host } from './host.ts'
import { claimPolicies } from './policies.ts'
import { hostRepresentations, type Offered } from './representations.ts'
import { classTokenOf, encodeView, patchTokensOf } from './step.ts'
import { BACKBONE, taughtHost, toyHost, toySettings, type ToySettings } from './testing/toyHost.ts'
import { trunkParameters } from './trunk.ts'

const engine = useEngine()
const settings = toySettings()
const config = toyHost.config(settings)
const IMAGES = 2
const offered: Offered = { teacher: true, layers: 'class', lastClasses: 2 }

const made = (seed: number): Parameters => {
  const backbone = prefixedSpecs(trunkParameters(config, { ...settings, seed }), BACKBONE)
  return new Parameters(
    engine(),
    livelySpecs([...backbone, ...detectorParameters(config.width, seed)], seed),
  )
}

let student: Parameters
let teacher: Parameters
let both: ParameterSource
beforeAll(() => {
  student = made(1)
  teacher = made(2)
  both = { get: (name) => student.get(name), has: (name) => student.has(name), teacher }
})
afterAll(() => {
  student.dispose()
  teacher.dispose()
})

const images = (): tf.Tensor4D => upload(noise([IMAGES, 32, 32, 3], 1))

/** Features by representation, and the tokens, on the host. */
async function look(
  { host = taughtHost, offer = offered, of = settings } = {},
  request: Partial<FeatureRequest> & Pick<FeatureRequest, 'wanted'>,
) {
  const [tokens, ...rows] = tf.tidy(() => {
    const { features, tokens } = hostFeatures(host, offer)(of, images(), both, request)
    return [tokens!, ...features]
  })
  const found = new Map<string, Float32Array>()
  for (const [i, id] of request.wanted.entries()) found.set(id, await take(rows[i]!))
  const { shape } = tokens
  return { found, shape, tokens: await take(tokens) }
}

/** What a network makes of the images, on the host. */
const pass = (
  source: Parameters,
  host: Host<ToySettings>,
  read: (vit: Vit, tokens: tf.Tensor3D) => tf.Tensor,
  options: VitOptions = {},
): Promise<Float32Array> =>
  take(
    tf.tidy(() => {
      const vit = new Vit(config, host.student(source))
      return read(vit, vit.run(vit.place(vit.embed(images()), options), options))
    }),
  )

const classOf = (vit: Vit, tokens: tf.Tensor3D): tf.Tensor => classTokenOf(vit.norm(tokens))
const meanOf = (vit: Vit, tokens: tf.Tensor3D): tf.Tensor => patchTokensOf(vit.norm(tokens)).mean(1)

describe('features', () => {
  const ids = hostRepresentations(offered)(settings).map(({ id }) => id)

  it('are a row for an image, of every representation, and all of them differ', async () => {
    const { found } = await look({}, { wanted: ids })
    for (const [id, values] of found) {
      const width = id === 'lastClasses' ? 2 * config.width : config.width
      expect(values, id).toHaveLength(IMAGES * width)
      expect(values.every(Number.isFinite), id).toBe(true)
    }
    expect(new Set([...found.values()].map((values) => values.join())).size).toBe(ids.length)
  })

  it('are read off the network that they name, after the final norm', async () => {
    const { found } = await look({}, { wanted: ids })
    expect(found.get('class')).toEqual(await pass(teacher, toyHost, classOf))
    expect(found.get('tokens')).toEqual(await pass(teacher, toyHost, meanOf))
    expect(found.get('studentClass')).toEqual(await pass(student, toyHost, classOf))
    expect(found.get('studentTokens')).toEqual(await pass(student, toyHost, meanOf))
  })

  it('of a host without teacher are the encoder’s', async () => {
    const offer: Offered = { teacher: false, layers: 'tokens' }
    const { found } = await look({ host: toyHost, offer }, { wanted: ['class', 'tokens'] })
    expect(found.get('class')).toEqual(await pass(student, toyHost, classOf))
    expect(found.get('tokens')).toEqual(await pass(student, toyHost, meanOf))
  })

  it('of layers are the class token or the mean of the others, without norm', async () => {
    const outputs: tf.Tensor3D[] = []
    const afterBlock = (tokens: tf.Tensor3D): void => {
      outputs.push(tf.keep(tokens.clone()))
    }
    await pass(teacher, toyHost, classOf, { afterBlock })
    const [first] = outputs
    const expected = await Promise.all(
      [classTokenOf(first!), patchTokensOf(first!).mean(1)].map((tensor) => take(tensor)),
    )
    tf.dispose(outputs)
    const layers = ['class', 'tokens'] as const
    for (const [i, kind] of layers.entries()) {
      const { found } = await look({ offer: { ...offered, layers: kind } }, { wanted: ['layer1'] })
      expect(found.get('layer1')).toEqual(expected[i])
    }
  })

  it('of the last class tokens end with the class token', async () => {
    const { found } = await look({}, { wanted: ['lastClasses', 'class'] })
    const [last, own] = [found.get('lastClasses')!, found.get('class')!]
    for (let image = 0; image < IMAGES; image++) {
      const end = 2 * config.width * (image + 1)
      expect(last.subarray(end - config.width, end)).toEqual(
        own.subarray(config.width * image, config.width * (image + 1)),
      )
    }
  })

  it('know tokens that are left out, and positions that are changed', async () => {
    const { found, shape } = await look(
      {},
      { wanted: ['class'], kept: tf.tensor1d([3, 5]), positions: 'removed' },
    )
    expect(shape).toEqual([IMAGES, 2, config.width])
    const expected = await pass(teacher, toyHost, classOf, {
      kept: tf.tensor1d([3, 5]),
      positions: 'removed',
    })
    expect(found.get('class')).toEqual(expected)
  })

  it('hand on the tokens of the first network that is wanted', async () => {
    const tokensOf = (vit: Vit, tokens: tf.Tensor3D) => patchTokensOf(vit.norm(tokens))
    const ofStudent = await look({}, { wanted: ['studentClass', 'class'] })
    expect(ofStudent.tokens).toEqual(await pass(student, toyHost, tokensOf))
    const ofNone = await look({}, { wanted: [] })
    expect(ofNone.tokens).toEqual(await pass(teacher, toyHost, tokensOf))
  })

  it('do not know what a student is shown (D25)', async () => {
    const { found } = await look({}, { wanted: ids })
    const of = toySettings({ sparsity: 0.75, mismatch: 0.9, seed: 5, dilemma: false })
    expect((await look({ of }, { wanted: ids })).found).toEqual(found)
  })
})

describe('representations', () => {
  const named = (offer: Offered, depth = 3) =>
    Object.fromEntries(
      hostRepresentations(offer)(toySettings({ depth })).map((each) => [each.id, each]),
    )

  it('begin with the class token, which the papers take', () => {
    const all = named({ teacher: false, layers: 'class' })
    expect(Object.keys(all)).toEqual(['class', 'tokens', 'layer1', 'layer2'])
    expect(all.class?.recommendedFor).toEqual(['knn', 'linear', 'finetune'])
    expect(all.tokens).not.toHaveProperty('recommendedFor')
    expect(Object.values(all).every(({ network }) => network === 'encoder')).toBe(true)
  })

  it('name what a paper takes instead', () => {
    const all = named({ ...offered, recommended: { linear: 'lastClasses' } })
    expect(all.class?.recommendedFor).toEqual(['knn', 'finetune'])
    expect(all.lastClasses?.recommendedFor).toEqual(['linear'])
    expect(all.studentClass?.network).toBe('student')
    expect(all.lastClasses?.network).toBe('teacher')
  })

  it('of a shallow network have no more class tokens than blocks', () => {
    expect(named({ ...offered, lastClasses: 4 }, 3).lastClasses?.label).toContain('Last 3')
    expect(named({ ...offered, lastClasses: 4 }, 1)).not.toHaveProperty('lastClasses')
  })
})

describe('the detector', () => {
  const detector = hostDetector(toyHost)
  const INDICES = [40, 7]

  it('offers every policy, and names that of the run', () => {
    expect(detector.policies.map(({ id }) => id)).toEqual(claimPolicies.map(({ value }) => value))
    expect(detector.policy(toySettings({ claims: 'near' }))).toBe('near')
  })

  it('draws the same claims for an image, whatever the others are', () => {
    const [two, one] = [INDICES, [INDICES[1]!]].map((each) =>
      detector.inputs(settings, 'uniform', 3, each),
    )
    for (const [name, { data }] of Object.entries(two!))
      expect([...data.subarray(8)], name).toEqual([...one![name]!.data])
    expect(two!.labels0!.shape).toEqual([2, 8])
    const other = detector.inputs(settings, 'uniform', 4, INDICES)
    expect(other.real0!.data).not.toEqual(two!.real0!.data)
    const policies = detector.policies.map(({ id }) =>
      detector.inputs(settings, id, 3, INDICES).claimed0!.data.join(),
    )
    expect(new Set(policies).size).toBe(policies.length)
  })

  it('tells what the student’s head makes of them, and how far they are off', async () => {
    const inputs = detector.inputs(settings, 'dropped', 3, INDICES)
    const tensors = () =>
      Object.fromEntries(
        Object.entries(inputs).map(([name, { shape, data }]) => [
          name,
          tf.tensor(Float32Array.from(data), [...shape]),
        ]),
      )
    const found = tf.tidy(() => ({ ...detector.detect(settings, images(), tensors(), both) }))
    const expected = tf.tidy(() => {
      const { real0, claimed0 } = tensors()
      const shown = { real: real0 as tf.Tensor2D, claimed: claimed0 as tf.Tensor2D }
      const { tokens } = encodeView(config, images(), toyHost.student(student), { shown })
      return detectorLogits(tokens, student)
    })
    expect(await take(found.logits)).toEqual(await take(expected))
    expect(await take(found.labels)).toEqual(Float32Array.from(inputs.labels0!.data))
    const distances = await take(found.distances)
    const [real, claimed] = [inputs.real0!.data, inputs.claimed0!.data]
    distances.forEach((distance, i) => {
      const rows = Math.floor(real[i]! / 4) - Math.floor(claimed[i]! / 4)
      const columns = (real[i]! % 4) - (claimed[i]! % 4)
      expect(distance).toBeCloseTo(Math.hypot(rows, columns), 5)
    })
    expect(distances.some((distance) => distance > 0)).toBe(true)
  })

  it('is none where no one is asked', () => {
    const off = toySettings({ dilemma: false, sparsity: 0 })
    expect(detector.inputs(off, 'dropped', 3, INDICES)).toEqual({})
    expect(() =>
      tf.tidy(() => {
        detector.detect(off, images(), {}, both)
      }),
    ).toThrow('no detector')
  })
})
