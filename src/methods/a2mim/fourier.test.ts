import * as tf from '@tensorflow/tfjs'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { Engine } from '../../engine/engine.ts'
import { take } from '../../engine/testing/run.ts'
import { dft2, focalWeight, frequencyLoss, type Focus } from './fourier.ts'
import { toyImages, toyPrediction, toyTarget } from './testing/toys.ts'

let engine: Engine
beforeAll(async () => {
  engine = await Engine.open(navigator.gpu)
})
afterAll(() => engine.dispose())

const logFocus: Focus = { exponent: 1, log: true, maximum: 'image' }
const rawFocus: Focus = { ...logFocus, log: false }
const flatFocus: Focus = { ...rawFocus, exponent: 0 }

/** The Fourier loss of two images of a side, given by functions. */
async function lossOf(
  prediction: tf.Tensor4D,
  target: tf.Tensor4D,
  spectra: 'perImage' | 'batchMean',
  focus: Focus | null,
): Promise<number> {
  const loss = tf.tidy(() => frequencyLoss(prediction.sub(target), { spectra, focus }, tf.abs))
  tf.dispose([prediction, target])
  return (await take(loss))[0]!
}

const toys = (batch: number, side: number): [tf.Tensor4D, tf.Tensor4D] => [
  toyImages(toyPrediction, batch, side),
  toyImages(toyTarget, batch, side),
]

describe('values of the official code', () => {
  test('F1 averaged, logarithmic, divided by the maximum', async () => {
    expect(await lossOf(...toys(1, 4), 'batchMean', logFocus)).toBeCloseTo(0.4766899411, 6)
  })

  test('F2 without logarithm', async () => {
    expect(await lossOf(...toys(1, 4), 'batchMean', rawFocus)).toBeCloseTo(0.4242166502, 6)
  })

  test('F3 averaged over a batch of two', async () => {
    expect(await lossOf(...toys(2, 4), 'batchMean', logFocus)).toBeCloseTo(0.4426197127, 6)
  })

  test('F4 per image with one maximum for the batch', async () => {
    const focus: Focus = { ...logFocus, maximum: 'batch' }
    expect(await lossOf(...toys(2, 4), 'perImage', focus)).toBeCloseTo(0.4597199614, 6)
  })

  test('F5 averaging spectra is averaging images', async () => {
    const [prediction, target] = toys(2, 4).map((images) => images.mean<tf.Tensor4D>(0, true))
    expect(await lossOf(prediction!, target!, 'perImage', logFocus)).toBeCloseTo(0.4426197127, 6)
  })

  test('F6 and I2: unweighted it is the mean squared error', async () => {
    expect(await lossOf(...toys(1, 4), 'perImage', flatFocus)).toBeCloseTo(0.6428207839, 6)
    const unlogged = await lossOf(...toys(3, 7), 'perImage', flatFocus)
    const squares = tf.tidy(() => {
      const [prediction, target] = toys(3, 7)
      return prediction.sub(target).square().mean()
    })
    expect(unlogged).toBeCloseTo((await take(squares))[0]!, 5)
  })

  const zero = () => 0
  test.each([
    ['F7 a single pixel', 2, logFocus, (y: number, x: number) => Number(x + y === 0), 0.25],
    ['F8 a ramp', 2, logFocus, (y: number, x: number) => 1 + 2 * y + x, 6.9598603946],
    ['F8 a ramp without logarithm', 2, rawFocus, (y: number, x: number) => 1 + 2 * y + x, 6.7],
    ['F9 a wave', 8, logFocus, (_: number, x: number) => Math.cos((Math.PI * x) / 2), 0.5],
  ] as const)('%s', async (_, side, focus, value, expected) => {
    const prediction = toyImages((_b, _c, y, x) => value(y, x), 1, side, 1)
    expect(await lossOf(prediction, toyImages(zero, 1, side, 1), 'batchMean', focus)).toBeCloseTo(
      expected,
      5,
    )
  })
})

test('F9 a wave along the rows lies in two bins of the first line', async () => {
  const { re, im } = tf.tidy(() =>
    dft2(toyImages((_b, _c, _y, x) => Math.cos((Math.PI * x) / 2), 1, 8, 1)),
  )
  const [real, imaginary] = [await take(re), await take(im)]
  real.forEach((value, i) => expect(value).toBeCloseTo(i === 2 || i === 6 ? 4 : 0, 5))
  imaginary.forEach((value) => expect(value).toBeCloseTo(0, 5))
})

test.each([logFocus, rawFocus])('I4 a circular shift of both changes nothing', async (focus) => {
  const side = 6
  const shifted = (value: typeof toyTarget): typeof toyTarget => {
    return (b, c, y, x) => value(b, c, (y + 2) % side, (x + 5) % side)
  }
  const moved = [
    toyImages(shifted(toyPrediction), 2, side),
    toyImages(shifted(toyTarget), 2, side),
  ] as const
  const loss = await lossOf(...moved, 'perImage', focus)
  expect(loss).toBeCloseTo(await lossOf(...toys(2, side), 'perImage', focus), 5)
})

describe('focal weight', () => {
  const batch = 3
  const weightOf = (residual: tf.Tensor4D, focus: Focus): Promise<Float32Array> =>
    take(
      tf.tidy(() => {
        const { re, im } = dft2(residual)
        return focalWeight(re.square().add(im.square()), focus)
      }),
    )
  const residual = (): tf.Tensor4D =>
    tf.tidy(() => {
      const [prediction, target] = toys(batch, 5)
      // Every image has errors of another size.
      return prediction.sub<tf.Tensor4D>(target).mul(tf.tensor4d([1, 0.1, 3], [batch, 1, 1, 1]))
    })
  const maxima = (weights: Float32Array): number[] => {
    const size = weights.length / batch
    return Array.from({ length: batch }, (_, b) =>
      Math.max(...weights.subarray(b * size, (b + 1) * size)),
    )
  }

  test.each([
    logFocus,
    rawFocus,
    flatFocus,
    { ...logFocus, exponent: 0.5 },
    { ...rawFocus, exponent: 2.5 },
  ])('I5 lies within [0, 1] and reaches 1 in every image: %o', async (focus) => {
    const weights = await weightOf(residual(), focus)
    expect(Math.min(...weights)).toBeGreaterThanOrEqual(0)
    expect(maxima(weights)).toEqual([1, 1, 1])
  })

  test('over the whole batch only the largest error reaches 1', async () => {
    const [first, second, third] = maxima(
      await weightOf(residual(), { ...rawFocus, maximum: 'batch' }),
    )
    expect(third).toBe(1)
    expect(first!).toBeLessThan(0.9)
    expect(second! / first!).toBeCloseTo(0.1, 1)
  })

  test('is 0 where prediction and target agree', async () => {
    const weights = await weightOf(tf.zeros([2, 4, 4, 3]), logFocus)
    expect(weights.every((weight) => weight === 0)).toBe(true)
    const nothing = tf.zeros<tf.Rank.R4>([2, 4, 4, 3])
    expect(await lossOf(nothing, nothing.clone(), 'perImage', logFocus)).toBe(0)
  })
})
