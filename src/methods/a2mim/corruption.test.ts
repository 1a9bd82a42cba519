import * as tf from '@tensorflow/tfjs'
import { describe, expect, test } from 'vitest'
import { useEngine } from '../../engine/testing/opCase.ts'
import { take } from '../../engine/testing/run.ts'
import { hidePixels, needsNoise, type Fill } from './corruption.ts'

useEngine()

const half = Array.from({ length: 16 }, (_, i) => Number(i < 8))
const normals = Array.from({ length: 16 }, (_, i) => 0.25 * (i - 4))

/** The pixels 1 to 16 of a 4 × 4 image of one channel, hidden by a mask. */
const hidden = (fill: Fill, mask: readonly number[], level = 2): Promise<Float32Array> =>
  take(
    tf.tidy(() =>
      hidePixels(
        tf.range(1, 17).reshape([1, 4, 4, 1]),
        tf.tensor4d([...mask], [1, 4, 4, 1]),
        fill,
        needsNoise(fill)
          ? { values: tf.tensor4d(normals, [1, 4, 4, 1]), level: tf.scalar(level) }
          : null,
      ).clone(),
    ),
  )

describe('M2 the mean colour', () => {
  test.each([
    ['all', Array<number>(16).fill(1)],
    ['a half', half],
    ['one', Array.from({ length: 16 }, (_, i) => Number(i === 5))],
    ['none', Array<number>(16).fill(0)],
  ])('of the whole image stands in the hidden pixels: %s', async (_, mask) => {
    expect([...(await hidden('mean', mask))]).toEqual(mask.map((m, i) => (m === 1 ? 8.5 : i + 1)))
  })

  test('is that of every image and channel', async () => {
    const means = tf.tidy(() => {
      const images = tf.range(0, 2 * 9 * 3).reshape<tf.Tensor4D>([2, 3, 3, 3])
      return hidePixels(images, tf.ones([2, 3, 3, 1]), 'mean').slice([0, 1, 1, 0], [2, 1, 1, 3])
    })
    expect([...(await take(means))]).toEqual([12, 13, 14, 39, 40, 41])
  })
})

test.each<[Fill, (pixel: number, normal: number) => number]>([
  ['zero', () => 0],
  ['noise', (_, normal) => 2 * normal],
  ['noisy', (pixel, normal) => pixel + 2 * normal],
  ['unfilled', (pixel) => pixel],
])('%s is written into hidden pixels alone', async (fill, value) => {
  expect([...(await hidden(fill, half))]).toEqual(
    half.map((m, i) => (m === 1 ? value(i + 1, normals[i]!) : i + 1)),
  )
})

test('noise is needed where a fill says so', () => {
  const nothing = tf.zeros<tf.Rank.R4>([1, 2, 2, 1])
  expect(() => hidePixels(nothing, nothing, 'noise')).toThrow('needs noise')
  nothing.dispose()
})
