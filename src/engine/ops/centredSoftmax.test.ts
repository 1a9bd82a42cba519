import * as tf from '@tensorflow/tfjs'
import { describe, expect, it } from 'vitest'
import { noise, worstError } from '../testing/noise.ts'
import { useEngine } from '../testing/opCase.ts'
import { take, upload, type HostTensor } from '../testing/run.ts'
import { centredSoftmax } from './centredSoftmax.ts'

useEngine()

const shares = (logits: HostTensor, centre: HostTensor, temperature: number) =>
  take(
    tf.tidy(() =>
      centredSoftmax(upload<tf.Rank.R2>(logits), upload(centre), tf.scalar(temperature)),
    ),
  )

/** The same in float64. */
function oracle({ shape, data }: HostTensor, centre: HostTensor, temperature: number) {
  const [rows, classes] = shape as [number, number]
  return Array.from({ length: rows }, (_, row) => {
    const values = Array.from(
      { length: classes },
      (_, c) => (data[row * classes + c]! - centre.data[c]!) / temperature,
    )
    const largest = Math.max(...values)
    const powers = values.map((value) => Math.exp(value - largest))
    const total = powers.reduce((sum, power) => sum + power, 0)
    return powers.map((power) => power / total)
  }).flat()
}

describe('centred softmax', () => {
  it.each([
    [1, 1],
    [3, 5],
    [7, 64],
    [2, 65],
    [33, 512],
    [5, 1030],
  ])('of %i rows of %i agrees with float64', async (rows, classes) => {
    const [logits, centre] = [noise([rows, classes], 1), noise([1, classes], 2, 0.3, 0.1)]
    for (const temperature of [0.04, 1])
      expect(
        worstError(await shares(logits, centre, temperature), oracle(logits, centre, temperature)),
      ).toBeLessThan(5e-6)
  })

  it('stays finite for logits of any size, and does not feel what all have in common', async () => {
    const centre = { shape: [3], data: [0, 0, 0] }
    const large = await shares({ shape: [1, 3], data: [1e30, -1e30, 1e30] }, centre, 0.04)
    expect([...large]).toEqual([0.5, 0, 0.5])
    const [logits, moved] = [0, 4].map((by) => ({ shape: [1, 3], data: [1 + by, by, 2.5 + by] }))
    expect(await shares(moved!, centre, 0.5)).toEqual(await shares(logits!, centre, 0.5))
  })

  it('gives the same bits again', async () => {
    const [logits, centre] = [noise([9, 300], 3), noise([300], 4)]
    expect(await shares(logits, centre, 0.07)).toEqual(await shares(logits, centre, 0.07))
  })

  it('needs a centre that fits', () => {
    const [logits, centre] = [tf.zeros<tf.Rank.R2>([2, 4]), tf.zeros([3])]
    expect(() => centredSoftmax(logits, centre, tf.scalar(1))).toThrow('does not fit')
    tf.dispose([logits, centre])
  })
})
