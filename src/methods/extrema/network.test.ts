import * as tf from '@tensorflow/tfjs'
import { afterAll, beforeAll, expect, test } from 'vitest'
import type { Parameters } from '../../engine/parameters.ts'
import { noise, worstError } from '../../engine/testing/noise.ts'
import { useEngine } from '../../engine/testing/opCase.ts'
import { take, upload } from '../../engine/testing/run.ts'
import { extremaLoss } from './loss.ts'
import { ENCODER, ExtremaNetwork, networkLayerOf, networkParameters } from './network.ts'
import { studentPredictions, teacherTargets } from './step.ts'
import { livelyParameters, SMALL, withOther } from './testing/networks.ts'

const engine = useEngine()

let parameters: Parameters
beforeAll(() => {
  parameters = livelyParameters(engine(), SMALL)
})
afterAll(() => parameters.dispose())

const IMAGES = 3
const images = (seed = 1): tf.Tensor4D => upload(noise([IMAGES, 16, 16, 3], seed))

/** The same cells for every image, [IMAGES, cells]. */
const masksOf = (...cells: number[]): tf.Tensor2D =>
  tf.tensor2d(Array.from({ length: IMAGES }, () => cells))

const ALL = Array.from({ length: 16 }, (_, cell) => cell)

/** What a network makes of the images, on the host. */
const run = (compute: (network: ExtremaNetwork) => tf.Tensor, source = parameters) =>
  take(tf.tidy(() => compute(new ExtremaNetwork(SMALL, source))))

const instanceOf = (network: ExtremaNetwork, masks?: tf.Tensor2D): tf.Tensor2D =>
  network.norm(network.read(network.tokens(images(), { masks })))

test('E9 the order of the cells in a mask does not matter', async () => {
  const instance = await run((network) => instanceOf(network, masksOf(3, 7, 8, 14)))
  const other = await run((network) => instanceOf(network, masksOf(14, 3, 8, 7)))
  expect(worstError(other, instance)).toBeLessThan(1e-5)
  const another = await run((network) => instanceOf(network, masksOf(3, 7, 8, 13)))
  expect(worstError(another, instance)).toBeGreaterThan(1e-3)
})

test('E10 a student that sees everything is its teacher', async () => {
  const shuffled = [5, 0, 15, 3, 9, 1, 2, 4, 6, 7, 8, 10, 11, 12, 13, 14]
  const whole = await run((network) => network.project(instanceOf(network)))
  for (const cells of [ALL, shuffled]) {
    const masked = await run((network) => network.project(instanceOf(network, masksOf(...cells))))
    expect(worstError(masked, whole)).toBeLessThan(1e-5)
  }
  const targets = await take(tf.tidy(() => teacherTargets(SMALL, images(), parameters)))
  expect(targets).toEqual(whole)
})

test('E11 the class token does not reach the trunk, though it reaches the instance', async () => {
  const other = upload(noise([1, 1, 12], 77))
  const changed = withOther(parameters, `${ENCODER}cls_token`, other)
  const read = (source: Parameters | typeof changed, what: 'tokens' | 'instance') =>
    take(
      tf.tidy(() => {
        const network = new ExtremaNetwork(SMALL, source)
        return what === 'tokens' ? network.tokens(images()) : instanceOf(network)
      }),
    )
  expect(await read(changed, 'tokens')).toEqual(await read(parameters, 'tokens'))
  const moved = worstError(await read(changed, 'instance'), await read(parameters, 'instance'))
  expect(moved).toBeGreaterThan(1e-2)
  other.dispose()
})

test('E12 the class-attention blocks leave the tokens as they are', async () => {
  const [before, after] = tf.tidy(() => {
    const network = new ExtremaNetwork(SMALL, parameters)
    const tokens = network.tokens(images())
    const copy = tokens.add(0)
    network.read(tokens)
    return [copy, tokens] as const
  })
  expect(await take(after)).toEqual(await take(before))
})

test('E13 with a LayerScale of 0 the instance is the norm of the class token, whatever the image', async () => {
  const silent = livelyParameters(engine(), SMALL, { gamma_1: 0, gamma_2: 0 })
  const instance = await run((network) => instanceOf(network), silent)
  const token = await take(
    tf.tidy(() => {
      const own = silent.get(`${ENCODER}cls_token`).reshape<tf.Tensor2D>([1, 12])
      return new ExtremaNetwork(SMALL, silent).norm(own).tile([IMAGES, 1])
    }),
  )
  expect(worstError(instance, token)).toBeLessThan(1e-6)
  silent.dispose()
})

test('E21 no gradient reaches the teacher, though what it sees changes the loss', async () => {
  const teacher = livelyParameters(engine(), SMALL, {}, 2)
  const lossWith = (seed: number): tf.Scalar => {
    const targets = teacherTargets(SMALL, images(seed), teacher)
    const view = { images: images(), masks: masksOf(1, 4, 9) }
    return extremaLoss(studentPredictions(SMALL, view, parameters), targets, { kind: 'byol' })
  }
  const tensors = [...parameters.tensors(), ...teacher.tensors()]
  const { grads } = tf.tidy(() =>
    tf.engine().gradients(() => lossWith(1), tensors, undefined, true),
  )
  // tfjs gives none for what the value does not depend on, though its types do not say so.
  const gradients: readonly (tf.Tensor | null | undefined)[] = grads
  const students = parameters.segments.length
  expect(gradients.slice(0, students).every((gradient) => gradient)).toBe(true)
  for (const gradient of gradients.slice(students)) expect(gradient ?? null).toBe(null)
  tf.dispose(gradients.filter((gradient) => gradient) as tf.Tensor[])

  const [first, other] = [
    await take(tf.tidy(() => lossWith(1))),
    await take(tf.tidy(() => lossWith(5))),
  ]
  expect(Math.abs(first[0]! - other[0]!)).toBeGreaterThan(1e-4)
  teacher.dispose()
})

test('masks are seen mask-major: row k · images + i is mask k of image i', async () => {
  const [few, others] = [
    [1, 4, 9],
    [0, 2, 15],
  ] as const
  const both = await run((network) =>
    instanceOf(network, tf.concat([masksOf(...few), masksOf(...others)])),
  )
  const apart = [
    await run((network) => instanceOf(network, masksOf(...few))),
    await run((network) => instanceOf(network, masksOf(...others))),
  ]
  expect(
    worstError(
      both,
      apart.flatMap((values) => [...values]),
    ),
  ).toBeLessThan(1e-5)
})

test('layers count from the embedding to what is behind the trunk, as in the official fine-tuning', () => {
  const layers = new Map(
    networkParameters(SMALL, 1).map(({ name }) => [name, networkLayerOf(name, SMALL)]),
  )
  for (const [name, layer] of [
    ['base_encoder.patch_embed.proj.weight', 0],
    ['base_encoder.cls_token', 0],
    ['base_encoder.blocks.0.norm1.weight', 1],
    ['base_encoder.blocks.1.mlp.fc2.bias', 2],
    ['base_encoder.blocks_token.0.attn.q.weight', 3],
    ['base_encoder.norm.bias', 3],
    ['base_encoder.head.0.weight', null],
    ['predictor.3.bias', null],
  ] as const)
    expect(layers.get(name), name).toBe(layer)
  expect([...layers.values()].every((layer) => layer === null || layer <= 3)).toBe(true)
})
