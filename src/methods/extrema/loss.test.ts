import * as tf from '@tensorflow/tfjs'
import { describe, expect, test } from 'vitest'
import { cosineStatisticsOracle } from '../../engine/testing/cosineStatisticsOracle.ts'
import { noise, worstError } from '../../engine/testing/noise.ts'
import { useEngine } from '../../engine/testing/opCase.ts'
import { take, upload, valueAndGradients, type HostTensor } from '../../engine/testing/run.ts'
import { TOLERANCES } from '../../engine/testing/tolerances.ts'
import { extremaLoss, extremaMetrics } from './loss.ts'
import { lossGradient, lossOracle } from './testing/lossOracle.ts'

useEngine()

/** The loss of predictions against targets; BYOL for no temperature. */
const lossWith =
  (targets: HostTensor, temperature: number | null) =>
  (predictions: tf.Tensor): tf.Scalar =>
    extremaLoss(
      predictions as tf.Tensor2D,
      upload(targets),
      temperature === null
        ? { kind: 'byol' }
        : { kind: 'infoNCE', temperature: tf.scalar(temperature) },
    )

const lossOf = async (
  predictions: HostTensor,
  targets: HostTensor,
  temperature: number | null = null,
): Promise<number> => {
  const loss = tf.tidy(() => lossWith(targets, temperature)(upload(predictions)))
  return (await take(loss))[0]!
}

const tensor = (...rows: readonly (readonly number[])[]): HostTensor => ({
  shape: [rows.length, rows[0]!.length],
  data: rows.flat(),
})

const scaled = ({ shape, data }: HostTensor, factor: number): HostTensor => ({
  shape,
  data: Array.from(data, (value) => factor * value),
})

const Q = [
  [1, 2],
  [0.5, -1],
  [-2, 0.3],
] as const
const K = [
  [2, 1],
  [0, -3],
  [1, 1],
] as const

describe('values of the official code', () => {
  test.each([0, 1, 2])('E14 BYOL, row %i', async (row) => {
    const expected = [0.4, 0.211145618, 3.18878212217]
    expect(await lossOf(tensor(Q[row]!), tensor(K[row]!))).toBeCloseTo(expected[row]!, 6)
  })

  test('E14 BYOL, mean', async () => {
    expect(await lossOf(tensor(...Q), tensor(...K))).toBeCloseTo(1.26664258006, 6)
  })

  test.each([
    [1, 1.73261836299],
    [0.2, 0.4679627284],
  ])('E16 InfoNCE at temperature %f, the factor 2 T included', async (temperature, expected) => {
    expect(await lossOf(tensor(...Q), tensor(...K), temperature)).toBeCloseTo(expected, 6)
  })
})

describe('E15 only directions matter', () => {
  const [q, t] = [noise([6, 7], 1), noise([3, 7], 2)]

  test.each([null, 0.3])('whatever is scaled (temperature %o)', async (temperature) => {
    const loss = await lossOf(q, t, temperature)
    for (const factor of [1e-3, 7, 1e4]) {
      expect(await lossOf(scaled(q, factor), t, temperature)).toBeCloseTo(loss, 5)
      expect(await lossOf(q, scaled(t, factor), temperature)).toBeCloseTo(loss, 5)
    }
  })

  test('BYOL is 0 for the same direction, 4 for the opposite one, between for others', async () => {
    expect(await lossOf(scaled(t, 3), t)).toBeCloseTo(0, 6)
    expect(await lossOf(scaled(t, -0.5), t)).toBeCloseTo(4, 5)
    const between = await lossOf(q, t)
    expect(between).toBeGreaterThan(0.1)
    expect(between).toBeLessThan(3.9)
  })

  test('a prediction of zeros is no number trap', async () => {
    expect(await lossOf(tensor([0, 0]), tensor([1, 0]))).toBeCloseTo(1, 6)
  })
})

test.each([null, 0.5])(
  'E17 the loss of K masks is the mean of their own (temperature %o)',
  async (temperature) => {
    const targets = noise([3, 5], 3)
    const masks = [4, 5, 6, 7].map((seed) => noise([3, 5], seed))
    const all = { shape: [12, 5], data: masks.flatMap(({ data }) => Array.from(data)) }
    const own: number[] = []
    for (const mask of masks) own.push(await lossOf(mask, targets, temperature))
    const mean = own.reduce((sum, loss) => sum + loss, 0) / own.length
    expect(await lossOf(all, targets, temperature)).toBeCloseTo(mean, 5)
  },
)

describe.each([
  [1, 1, 1],
  [1, 5, 3],
  [3, 2, 6],
  [5, 4, 16],
  [7, 3, 9],
])('%i masks of %i images, %i channels', (masks, images, size) => {
  const [q, t] = [noise([masks * images, size], 8), noise([images, size], 9, 2, 0.3)]

  test.each([null, 1, 0.2])(
    'agrees with float64, value and gradient (temperature %o)',
    async (temperature) => {
      const { value, gradients } = await valueAndGradients(lossWith(t, temperature), [q])
      expect(worstError(value, [lossOracle(q, t, temperature)])).toBeLessThan(
        TOLERANCES.losses.value,
      )
      const expected = lossGradient(q, t, temperature)
      expect(worstError(gradients[0]!, expected)).toBeLessThan(2e-6)
    },
  )

  test('its metrics agree with float64', async () => {
    const metrics = tf.tidy(() => extremaMetrics(upload(q), upload(t)))
    const { cosine, spread, deviation } = cosineStatisticsOracle(q, t)
    expect((await take(metrics.cosine))[0]).toBeCloseTo(cosine, 5)
    expect((await take(metrics.cosineSpread))[0]).toBeCloseTo(spread, 5)
    expect((await take(metrics.targetDeviation))[0]).toBeCloseTo(deviation, 5)
  })
})

test('E22 the deviation of targets: 0 where all are the same, about 1 / √d where they are random', async () => {
  const size = 64
  const deviationOf = async (targets: HostTensor): Promise<number> => {
    const metrics = tf.tidy(() => extremaMetrics(upload(targets), upload(targets)))
    tf.dispose([metrics.cosine, metrics.cosineSpread])
    return (await take(metrics.targetDeviation))[0]!
  }
  const random = await deviationOf(noise([256, size], 5))
  expect(random * Math.sqrt(size)).toBeCloseTo(1, 1)
  const same = { shape: [256, size], data: Array.from(noise([size], 6).data) }
  const rows = { ...same, data: Array.from({ length: 256 }, () => same.data).flat() }
  expect(await deviationOf(rows)).toBeLessThan(1e-6)
})
