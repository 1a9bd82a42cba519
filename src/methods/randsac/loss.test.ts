import * as tf from '@tensorflow/tfjs'
import { describe, expect, test } from 'vitest'
import { noise, worstError } from '../../engine/testing/noise.ts'
import { useEngine } from '../../engine/testing/opCase.ts'
import { take, upload, valueAndGradients } from '../../engine/testing/run.ts'
import { patchTargets } from '../patchTargets.ts'
import { randsacLoss, tokenLosses } from './loss.ts'

useEngine()

describe('12.11 targets', () => {
  /** A patch of 4 × 4 pixels with the values 0 to 47 in the order (channel, row, column). */
  const patch = (): tf.Tensor4D => tf.range(0, 48).reshape([1, 3, 4, 4]).transpose([0, 2, 3, 1])

  test('normalised: mean 0 and unbiased deviation 1', async () => {
    const target = await take(tf.tidy(() => patchTargets(patch(), 4, { target: 'normalised' })))
    expect(target[0]).toBeCloseTo(-1.6785714, 6)
    expect(target[47]).toBeCloseTo(1.6785714, 6)
    expect(target[20]).toBeCloseTo((20 - 23.5) / 14, 6)
  })

  test('the prediction of zero has the loss 47 / 48', async () => {
    const loss = tf.tidy(() => {
      const targets = patchTargets(patch(), 4, { target: 'normalised' })
      return randsacLoss(tf.zerosLike(targets), targets, tf.tensor2d([[1]]))
    })
    expect((await take(loss))[0]).toBeCloseTo(0.9791667, 6)
  })

  test('raw: the pixels', async () => {
    const target = await take(tf.tidy(() => patchTargets(patch(), 4, { target: 'raw' })))
    expect([...target]).toEqual(Array.from({ length: 48 }, (_, i) => i))
  })
})

describe('loss', () => {
  const shape = [2, 5, 3]
  const [predictions, targets] = [noise(shape, 1), noise(shape, 2)]
  const errors = Array.from(predictions.data, (value, i) => value - targets.data[i]!)
  const ranks = [0, 2, 1, 0, 7, 0, 0, 3, 1, 1]

  const run = (order: readonly number[]) =>
    valueAndGradients(
      (x) => randsacLoss(x as tf.Tensor3D, upload(targets), tf.tensor2d([...order], [2, 5])),
      [predictions],
    )

  test('is the mean over all tokens of the batch whose rank is at least 1, each counting the same', async () => {
    const { value, gradients } = await run(ranks)
    const counts = ranks.filter((rank) => rank > 0).length
    const wanted = errors.map((error, i) => (ranks[Math.floor(i / 3)]! > 0 ? error : 0))
    const mean = wanted.reduce((total, error) => total + error ** 2, 0) / 3 / counts
    expect(value[0]).toBeCloseTo(mean, 5)
    const slopes = wanted.map((error) => (2 * error) / 3 / counts)
    expect(worstError(gradients[0]!, slopes)).toBeLessThan(1e-6)
  })

  test('is 0 where nothing is predicted, and so is its gradient', async () => {
    const { value, gradients } = await run(ranks.map(() => 0))
    expect([...value]).toEqual([0])
    expect([...gradients[0]!].every((slope) => slope === 0)).toBe(true)
  })

  test('of every token alone', async () => {
    const losses = await take(tf.tidy(() => tokenLosses(upload(predictions), upload(targets))))
    const wanted = ranks.map((_, token) =>
      errors.slice(3 * token, 3 * token + 3).reduce((total, error) => total + error ** 2 / 3, 0),
    )
    expect(worstError(losses, wanted)).toBeLessThan(1e-6)
  })
})
