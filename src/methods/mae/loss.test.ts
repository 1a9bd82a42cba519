import * as tf from '@tensorflow/tfjs'
import { describe, expect, test } from 'vitest'
import { noise, worstError } from '../../engine/testing/noise.ts'
import { useEngine } from '../../engine/testing/opCase.ts'
import { take, upload, valueAndGradients } from '../../engine/testing/run.ts'
import { patchTargets } from '../patchTargets.ts'
import { honestCells, maskedCells, reconstructionLoss } from './loss.ts'

useEngine()

test.each([
  { target: 'raw', loss: 0.16861979167 },
  { target: 'normalised', loss: 0.81246611918 },
] as const)('D19: a ramp of 4 × 4 pixels, $target', async ({ target, loss }) => {
  const found = tf.tidy(() => {
    const ramp = tf.range(0, 16).div(16).reshape<tf.Tensor4D>([1, 4, 4, 1])
    const targets = patchTargets(ramp, 2, { target })
    const predictions = tf.fill<tf.Rank.R3>([1, 4, 4], 0.25)
    return reconstructionLoss(predictions, targets, tf.tensor2d([[1, 0, 1, 1]]))
  })
  expect((await take(found))[0]).toBeCloseTo(loss, 6)
})

test('the mask is 1 for cells that are not shown', async () => {
  const visible = () =>
    tf.tensor2d([
      [4, 0, 2],
      [5, 1, 3],
    ])
  const masked = await take(tf.tidy(() => maskedCells(visible(), 6)))
  expect([...masked]).toEqual([0, 1, 0, 1, 0, 1, 1, 0, 1, 0, 1, 0])
})

test('patches with wrong claims are nowhere, others where they are', async () => {
  const cells = tf.tidy(() =>
    honestCells(tf.tensor2d([[7, 0, 3, 15]]), tf.tensor2d([[0, 1, 1, 0]])),
  )
  expect([...(await take(cells))]).toEqual([7, -2, -2, 15])
})

describe('loss', () => {
  const shape = [2, 5, 3]
  const [predictions, targets] = [noise(shape, 1), noise(shape, 2)]
  const masked = [0, 1, 1, 0, 1, 0, 0, 1, 1, 1]
  const run = (mask: readonly number[]) =>
    valueAndGradients(
      (x) => reconstructionLoss(x as tf.Tensor3D, upload(targets), tf.tensor2d([...mask], [2, 5])),
      [predictions],
    )

  test('D21: is the mean over masked patches; visible ones have no gradient', async () => {
    const { value, gradients } = await run(masked)
    const errors = Array.from(predictions.data, (prediction, i) =>
      masked[Math.floor(i / 3)] === 1 ? prediction - targets.data[i]! : 0,
    )
    const count = masked.filter((each) => each === 1).length
    const mean = errors.reduce((sum, error) => sum + error ** 2, 0) / 3 / count
    expect(value[0]).toBeCloseTo(mean, 5)
    const slopes = errors.map((error) => (2 * error) / 3 / count)
    expect(worstError(gradients[0]!, slopes)).toBeLessThan(1e-6)
    const ofVisible = gradients[0]!.filter((_, i) => masked[Math.floor(i / 3)] === 0)
    expect(ofVisible.map(Math.abs)).toEqual(new Float32Array(12))
  })

  test('is 0 where nothing is masked', async () => {
    const { value } = await run(masked.map(() => 0))
    expect([...value]).toEqual([0])
  })
})
