import * as tf from '@tensorflow/tfjs'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { Engine } from '../../engine/engine.ts'
import { randomAt, Stream } from '../../engine/random.ts'
import { take } from '../../engine/testing/run.ts'
import { a2mimLoss, spatialDistance, type LossForm, type Replacement } from './loss.ts'
import {
  referenceGradient,
  referenceLoss,
  type Images,
  type LossInputs,
} from './testing/reference.ts'
import { toyPrediction, toyTarget, toyValues, type ImageFunction } from './testing/toys.ts'

let engine: Engine
beforeAll(async () => {
  engine = await Engine.open(navigator.gpu)
})
afterAll(() => engine.dispose())

const upload = ({ batch, side, channels, data }: Images): tf.Tensor4D =>
  tf.tensor4d(Float32Array.from(data), [batch, side, side, channels])

/** Both terms, their sum with weight lambda, and its gradient in the prediction, as the GPU computes them. */
async function lossOf(inputs: LossInputs, lambda: number) {
  const { prediction, target, mask, visibleGradient, form } = inputs
  const { spatial, frequency, gradient } = tf.tidy(() => {
    const images = upload(target)
    const { batch, side } = target
    const pixelMask = tf.tensor4d(Float32Array.from(mask), [batch, side, side, 1])
    const u = tf.scalar(visibleGradient)
    const terms = (p: tf.Tensor4D) => a2mimLoss(p, images, pixelMask, u, form)
    const total = (p: tf.Tensor): tf.Scalar => {
      const both = terms(p as tf.Tensor4D)
      return both.spatial.add(both.frequency.mul(lambda))
    }
    return { ...terms(upload(prediction)), gradient: tf.grad(total)(upload(prediction)) }
  })
  const [[spatialValue], [frequencyValue]] = [await take(spatial), await take(frequency)]
  return {
    spatial: spatialValue!,
    frequency: frequencyValue!,
    total: spatialValue! + lambda * frequencyValue!,
    gradient: await take(gradient),
  }
}

const toy = (value: ImageFunction): Images => ({
  batch: 2,
  side: 8,
  channels: 3,
  data: toyValues(value, 2, 8),
})

/** The masks of the spec's head tests: [[1,0],[0,1]] and [[0,1],[1,1]], a cell being 4 × 4 pixels. */
const headMask = toyValues(
  (b, _, y, x) => [1, 0, 0, 1, 0, 1, 1, 1][4 * b + 2 * Math.floor(y / 4) + Math.floor(x / 4)]!,
  2,
  8,
  1,
)

const official: LossForm = {
  spatial: 'l1',
  spectra: 'batchMean',
  replacement: 'mixed',
  focus: { exponent: 1, log: true, maximum: 'image' },
}

const head = (form: Partial<LossForm>, visibleGradient = 0): LossInputs => ({
  prediction: toy(toyPrediction),
  target: toy(toyTarget),
  mask: headMask,
  visibleGradient,
  form: { ...official, ...form },
})

/** Place of (image, channel, row, column) in a toy. */
const at = (b: number, c: number, y: number, x: number): number => ((b * 8 + y) * 8 + x) * 3 + c

test('S1 focal L1', async () => {
  const distances = tf.tidy(() => spatialDistance(tf.tensor1d([0, 0.1, 0.5, 1, 2, -3]), 'focalL1'))
  const expected = [0, 0.0009999667, 0.0249791875, 0.0996679946, 0.3947506404, 0.8739378374]
  const values = await take(distances)
  values.forEach((value, i) => expect(value).toBeCloseTo(expected[i]!, 6))
})

describe('the heads of the official code', () => {
  test('H1 and H5: CNN', async () => {
    const { total, spatial, gradient } = await lossOf(head({ spatial: 'focalL1' }, 1e-3), 0.5)
    expect(total).toBeCloseTo(0.29326281, 6)
    expect(spatial).toBeCloseTo(0.08472039, 6)
    expect(gradient[at(0, 0, 0, 0)]).toBeCloseTo(0.0020432648, 7)
    expect(gradient[at(0, 0, 0, 4)]! * 1e6).toBeCloseTo(1.0176, 3)
    expect(Math.hypot(...gradient)).toBeCloseTo(0.03646, 6)
  })

  test('H2 and H5: ViT', async () => {
    const { total, spatial, gradient } = await lossOf(head({}), 0.1)
    expect(total).toBeCloseTo(0.80079978, 6)
    expect(spatial).toBeCloseTo(0.75910699, 6)
    expect(gradient[at(0, 0, 0, 0)]).toBeCloseTo(0.0044425049, 7)
    expect(gradient[at(0, 0, 0, 4)]).toBe(0)
    // The table of values has 0.0685723; differences of the float64 reference give 0.0685923.
    expect(Math.hypot(...gradient)).toBeCloseTo(0.0685923, 6)
  })

  test.each([
    ['target', 0.2871245545],
    ['prediction', 0.6006791286],
    ['mean', 0.4695796714],
    ['mixed', 0.4169278777],
  ] as const)('H3 frequency loss, visible area: %s', async (replacement, expected) => {
    expect((await lossOf(head({ replacement }), 1)).frequency).toBeCloseTo(expected, 6)
  })

  test('H4 plain form', async () => {
    const { frequency } = await lossOf(head({ focus: null, spectra: 'perImage' }), 1)
    expect(frequency).toBeCloseTo(0.4944599414, 6)
  })
})

const random = randomAt(1, Stream.samples)

/** Random images; a mask with a random number of hidden pixels. */
function noise(batch: number, side: number) {
  const images = (): Images => ({
    batch,
    side,
    channels: 3,
    data: Float64Array.from({ length: batch * side * side * 3 }, () =>
      Math.fround(random.normal()),
    ),
  })
  const mask = Float64Array.from({ length: batch * side * side }, () => random.below(2))
  return { prediction: images(), target: images(), mask }
}

const replacements: Replacement[] = ['prediction', 'target', 'mixed', 'mean']
const focuses: LossForm['focus'][] = [
  { exponent: 1, log: true, maximum: 'image' },
  { exponent: 1, log: false, maximum: 'batch' },
  { exponent: 0.5, log: true, maximum: 'batch' },
  { exponent: 2, log: false, maximum: 'image' },
  { exponent: 0, log: true, maximum: 'image' },
  null,
]

describe('loss and gradient against float64', () => {
  const forms = focuses.flatMap((focus, i) => [
    { spatial: 'l1', spectra: 'perImage', replacement: replacements[i % 4]!, focus } as const,
    {
      spatial: 'focalL1',
      spectra: 'batchMean',
      replacement: replacements[(i + 1) % 4]!,
      focus,
    } as const,
  ])
  test.each(forms)('%o', async (form) => {
    for (const [batch, side, u] of [
      [3, 3, 0],
      [2, 5, 0.3],
    ] as const) {
      const inputs = { ...noise(batch, side), visibleGradient: u, form }
      const { spatial, frequency, gradient } = await lossOf(inputs, 0.7)
      const reference = referenceLoss(inputs)
      expect(spatial).toBeCloseTo(reference.spatial, 5)
      expect(frequency).toBeCloseTo(reference.frequency, 5)
      const slope = referenceGradient(inputs, 0.7)
      const size = Math.max(...slope.map(Math.abs))
      slope.forEach((value, i) =>
        expect(Math.abs(gradient[i]! - value), `entry ${i}`).toBeLessThan(1e-4 * size),
      )
    }
  })
})

test.each(replacements)(
  'I3 without u visible predictions have no gradient: %s',
  async (replacement) => {
    for (const focus of [official.focus, null])
      for (const spectra of ['perImage', 'batchMean'] as const) {
        const inputs = head({ replacement, focus, spectra })
        const { gradient } = await lossOf(inputs, 0.5)
        const visible = gradient.filter((_, i) => headMask[Math.floor(i / 3)] === 0)
        expect(visible).toHaveLength(3 * 3 * 16)
        expect(visible.every((value) => value === 0)).toBe(true)
        expect(gradient.every((value) => value === 0)).toBe(false)
      }
  },
)

test.each(['l1', 'focalL1'] as const)(
  'I6 the spatial loss knows nothing of visible pixels: %s',
  async (spatial) => {
    const inputs = head({ spatial })
    const changed = inputs.prediction.data.map((value, i) =>
      headMask[Math.floor(i / 3)] === 0 ? value + 3 : value,
    )
    const prediction = { ...inputs.prediction, data: changed }
    const before = await lossOf(inputs, 1)
    const after = await lossOf({ ...inputs, prediction }, 1)
    expect(after.spatial).toBe(before.spatial)
    expect(after.frequency).not.toBeCloseTo(before.frequency, 2)
  },
)

test('the batch-mean form shrinks with the batch, the per-image form does not', async () => {
  const frequencyOf = async (batch: number, spectra: LossForm['spectra']): Promise<number> => {
    const inputs = { ...noise(batch, 8), visibleGradient: 0, form: { ...official, spectra } }
    const hidden = inputs.mask.map(() => 1)
    return (await lossOf({ ...inputs, mask: hidden }, 1)).frequency
  }
  const [one, many] = [await frequencyOf(1, 'batchMean'), await frequencyOf(32, 'batchMean')]
  expect(many / one).toBeLessThan(0.1)
  const each = await frequencyOf(32, 'perImage')
  expect(each / one).toBeGreaterThan(0.6)
  expect(each / one).toBeLessThan(1.6)
})
