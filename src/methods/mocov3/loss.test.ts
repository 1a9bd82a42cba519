import * as tf from '@tensorflow/tfjs'
import { describe, expect, test } from 'vitest'
import { cosineStatisticsOracle } from '../../engine/testing/cosineStatisticsOracle.ts'
import { noise, worstError } from '../../engine/testing/noise.ts'
import { useEngine } from '../../engine/testing/opCase.ts'
import { take, upload, valueAndGradients, type HostTensor } from '../../engine/testing/run.ts'
import { TOLERANCES } from '../../engine/testing/tolerances.ts'
import { lossGradient, lossOracle } from '../extrema/testing/lossOracle.ts'
import { mocoLoss, type MocoLoss } from './loss.ts'

useEngine()

/** Queries and keys of two views: q₁, q₂, k₁, k₂. */
type Quadruple = readonly [HostTensor, HostTensor, HostTensor, HostTensor]

const lossOf = ([q1, q2, k1, k2]: readonly tf.Tensor[], temperature: number): MocoLoss =>
  mocoLoss(
    [q1 as tf.Tensor2D, q2 as tf.Tensor2D],
    [k1 as tf.Tensor2D, k2 as tf.Tensor2D],
    tf.scalar(temperature),
  )

/** Loss and terms on the host. */
async function read(tensors: Quadruple, temperature: number): Promise<Record<string, number>> {
  const { loss, terms } = tf.tidy(() => {
    const result = lossOf(
      tensors.map((tensor) => upload(tensor)),
      temperature,
    )
    return { loss: result.loss, terms: { ...result.terms } }
  })
  const values: Record<string, number> = {}
  for (const [key, tensor] of Object.entries({ loss, ...terms }))
    values[key] = (await take(tensor))[0]!
  return values
}

const tensor = (...rows: readonly (readonly number[])[]): HostTensor => ({
  shape: [rows.length, rows[0]!.length],
  data: rows.flat(),
})

const Q = tensor([1, 2], [0.5, -1], [-2, 0.3])
const K = tensor([2, 1], [0, -3], [1, 1])

test.each([
  [1, 1.73261836299],
  [0.2, 0.4679627284],
])(
  'D13 InfoNCE of the official code at temperature %f, both ways',
  async (temperature, expected) => {
    const { loss } = await read([Q, Q, K, K], temperature)
    expect(loss).toBeCloseTo(2 * expected, 5)
  },
)

describe.each([
  [2, 3],
  [5, 8],
  [33, 16],
])('%i images, %i channels', (images, size) => {
  const [q1, q2, k1, k2] = [1, 2, 3, 4].map((seed) =>
    noise([images, size], seed),
  ) as unknown as Quadruple
  const T = 0.3

  test('agrees with float64, value and gradients; each view looks among the keys of the other', async () => {
    const op = (a: tf.Tensor, b: tf.Tensor): tf.Scalar =>
      lossOf([a, b, upload(k1), upload(k2)], T).loss
    const { value, gradients } = await valueAndGradients(op, [q1, q2])
    expect(worstError(value, [lossOracle(q1, k2, T) + lossOracle(q2, k1, T)])).toBeLessThan(
      TOLERANCES.losses.value,
    )
    expect(worstError(gradients[0]!, lossGradient(q1, k2, T))).toBeLessThan(2e-6)
    expect(worstError(gradients[1]!, lossGradient(q2, k1, T))).toBeLessThan(2e-6)
  })

  test('its terms agree with float64', async () => {
    const { cosine, keyDeviation, accuracy } = await read([q1, q2, k1, k2], T)
    const ways = [cosineStatisticsOracle(q1, k2), cosineStatisticsOracle(q2, k1)]
    const meanOf = (key: 'cosine' | 'deviation'): number => (ways[0]![key] + ways[1]![key]) / 2
    expect(cosine).toBeCloseTo(meanOf('cosine'), 5)
    expect(keyDeviation).toBeCloseTo(meanOf('deviation'), 5)
    expect(accuracy).toBeCloseTo((foundIn(q1, k2) + foundIn(q2, k1)) / 2, 6)
  })
})

/** The share of queries whose own key has the largest cosine. */
function foundIn(queries: HostTensor, keys: HostTensor): number {
  const [images, size] = queries.shape as [number, number]
  const row = ({ data }: HostTensor, image: number): number[] =>
    Array.from({ length: size }, (_, i) => data[image * size + i]!)
  let found = 0
  for (let image = 0; image < images; image++) {
    const cosines = Array.from({ length: images }, (_, other) => {
      const [q, k] = [row(queries, image), row(keys, other)]
      const dot = q.reduce((sum, value, i) => sum + value * k[i]!, 0)
      return dot / (Math.hypot(...q) * Math.hypot(...k))
    })
    found += Number(cosines.indexOf(Math.max(...cosines)) === image)
  }
  return found / images
}

test('is 0 where every query is its own key’s direction and the others are far, and all are found', async () => {
  const one = tensor([1, 0, 0], [0, 2, 0], [0, 0, 3])
  const { loss, accuracy, cosine } = await read([one, one, one, one], 0.02)
  expect(loss).toBeCloseTo(0, 6)
  expect(accuracy).toBe(1)
  expect(cosine).toBeCloseTo(1, 6)
})

test('is 4 T ln N where all keys are the same, and then their deviation is 0', async () => {
  const keys = { shape: [4, 3], data: Array.from({ length: 12 }, (_, i) => 1 + (i % 3)) }
  const { loss, keyDeviation } = await read([noise([4, 3], 1), noise([4, 3], 2), keys, keys], 0.2)
  expect(loss).toBeCloseTo(4 * 0.2 * Math.log(4), 5)
  expect(keyDeviation).toBeLessThan(1e-6)
})
