import * as tf from '@tensorflow/tfjs'
import { describe, expect, test } from 'vitest'
import { noise, worstError } from '../../../engine/testing/noise.ts'
import { useEngine } from '../../../engine/testing/opCase.ts'
import { take, upload, type HostTensor } from '../../../engine/testing/run.ts'
import { channelMean, tokenLengths, weightedMap } from './gradCam.ts'
import { diagonalAmplitudes, spatialVariance } from './layerSpectra.ts'

useEngine()

const run = (of: (...maps: tf.Tensor4D[]) => tf.Tensor, ...inputs: HostTensor[]) =>
  take(tf.tidy(() => of(...inputs.map((input) => upload<tf.Rank.R4>(input)))))

const mean = (values: readonly number[]): number =>
  values.reduce((sum, value) => sum + value, 0) / values.length
const range = (count: number): number[] => Array.from({ length: count }, (_, i) => i)

/** One channel of one map [B, h, w, C], row by row. */
const plane = ({ shape: [, h, w, C], data }: HostTensor, b: number, c: number): number[] =>
  range(h! * w!).map((cell) => data[(b * h! * w! + cell) * C! + c]!)

/** log(|FFT| + 1e-6) of a whole plane with the constant part in the middle, by the double sum. */
function shiftedLogAmplitudes(values: readonly number[], side: number): number[][] {
  const middle = Math.floor(side / 2)
  return range(side).map((row) =>
    range(side).map((column) => {
      let [re, im] = [0, 0]
      values.forEach((value, i) => {
        const turns = (row - middle) * Math.floor(i / side) + (column - middle) * (i % side)
        re += value * Math.cos((-2 * Math.PI * turns) / side)
        im += value * Math.sin((-2 * Math.PI * turns) / side)
      })
      return Math.log(Math.hypot(re, im) + 1e-6)
    }),
  )
}

describe.each([
  [2, 4, 3],
  [1, 7, 5],
  [3, 2, 4],
  [2, 8, 12],
  [1, 1, 3],
])('feature maps [%i, %i, %i]', (B, side, C) => {
  const shape = [B, side, side, C]
  const maps: HostTensor = {
    shape,
    data: Float32Array.from(noise(shape, 3).data, (value, i) => value + Math.sin(i) + 0.5),
  }
  const channels = range(B * C).map((i) => plane(maps, Math.floor(i / C), i % C))

  test('the diagonal of the spectrum is that of the float64 oracle', async () => {
    const spectra = channels.map((values) => shiftedLogAmplitudes(values, side))
    const middle = Math.floor(side / 2)
    const diagonal = range(side - middle).map((k) =>
      mean(spectra.map((spectrum) => spectrum[middle + k]![middle + k]!)),
    )
    const values = await run(diagonalAmplitudes, maps)
    expect(values[0]).toBe(0)
    expect(values).toHaveLength(diagonal.length)
    const expected = diagonal.map((value) => value - diagonal[0]!)
    // The logarithm of a small amplitude loses as many digits as its sum cancels.
    expect(worstError(values, expected)).toBeLessThan(2e-5)
  })

  test.runIf(side > 1)('the variance over the cells is that of the float64 oracle', async () => {
    const variances = channels.map((values) => {
      const middle = mean(values)
      return values.reduce((sum, value) => sum + (value - middle) ** 2, 0) / (values.length - 1)
    })
    expect(worstError(await run(spatialVariance, maps), [mean(variances)])).toBeLessThan(2e-6)
  })
})

test('a wave along the diagonal stands out at its frequency; a constant map has no variance', async () => {
  const data = range(64).map((i) => 1 + Math.cos((2 * Math.PI * 2 * (Math.floor(i / 8) + i)) / 8))
  const values = await run(diagonalAmplitudes, { shape: [1, 8, 8, 1], data })
  // Half of the wave's amplitude lies at (2, 2), the other half at (−2, −2); the constant part has it all.
  expect(values[2]).toBeCloseTo(Math.log(0.5), 5)
  for (const other of [1, 3]) expect(values[other]).toBeLessThan(-10)
  const flat = { shape: [2, 4, 4, 3], data: new Float32Array(96).fill(2) }
  expect([...(await run(spatialVariance, flat))]).toEqual([0])
})

describe('maps of an image', () => {
  const shape = [1, 3, 5, 7]
  const map = noise(shape, 5)
  const gradient = noise(shape, 6)
  const cells = (of: (cell: number[]) => number): number[] =>
    range(15).map((cell) => of(range(7).map((c) => map.data[cell * 7 + c]!)))

  test('the weighted map is Grad-CAM', async () => {
    const weights = range(7).map((c) => mean(range(15).map((cell) => gradient.data[cell * 7 + c]!)))
    const expected = cells((z) =>
      Math.max(
        0,
        z.reduce((sum, value, c) => sum + weights[c]! * value, 0),
      ),
    )
    const values = await run((a, g) => weightedMap(a, g), map, gradient)
    expect(worstError(values, expected)).toBeLessThan(2e-6)
    expect(expected.some((value) => value > 0)).toBe(true)
    expect([...values].filter((value) => value === 0)).toHaveLength(
      expected.filter((value) => value === 0).length,
    )
  })

  test('means over channels and lengths of tokens', async () => {
    expect(worstError(await run(channelMean, map), cells(mean))).toBeLessThan(2e-6)
    const tokens = { shape: [1, 15, 7], data: map.data }
    const lengths = await take(tf.tidy(() => tokenLengths(upload<tf.Rank.R3>(tokens))))
    expect(
      worstError(
        lengths,
        cells((z) => Math.hypot(...z)),
      ),
    ).toBeLessThan(2e-6)
  })
})
