import * as tf from '@tensorflow/tfjs'
import { describe, expect, test } from 'vitest'
import { cosineStatisticsOracle } from '../../engine/testing/cosineStatisticsOracle.ts'
import { noise, worstError } from '../../engine/testing/noise.ts'
import { useEngine } from '../../engine/testing/opCase.ts'
import { take, upload, valueAndGradients, type HostTensor } from '../../engine/testing/run.ts'
import { TOLERANCES } from '../../engine/testing/tolerances.ts'
import { logitsAmong, ntXent } from './loss.ts'

useEngine()

/** Loss and terms on the host. */
async function read(projections: HostTensor, temperature: number): Promise<Record<string, number>> {
  const tensors = tf.tidy(() => {
    const { loss, terms } = ntXent(upload<tf.Rank.R2>(projections), tf.scalar(temperature))
    return { loss, ...terms }
  })
  const values: Record<string, number> = {}
  for (const [key, tensor] of Object.entries(tensors)) values[key] = (await take(tensor))[0]!
  return values
}

/** Unit rows, and the softmax of each over all others, in float64. */
function softmaxOf({ shape, data }: HostTensor, temperature: number) {
  const [rows, size] = shape as [number, number]
  const units = Array.from({ length: rows }, (_, row) => {
    const own = Array.from({ length: size }, (_, c) => data[row * size + c]!)
    const length = Math.hypot(...own)
    return { length, unit: own.map((value) => value / length) }
  })
  const cosine = (a: number, b: number): number =>
    units[a]!.unit.reduce((sum, value, c) => sum + value * units[b]!.unit[c]!, 0)
  const shares = units.map((_, row) => {
    const powers = units.map((_, other) =>
      other === row ? 0 : Math.exp(cosine(row, other) / temperature),
    )
    const total = powers.reduce((sum, power) => sum + power, 0)
    return powers.map((power) => power / total)
  })
  return { rows, size, units, cosine, shares }
}

function lossOracle(projections: HostTensor, temperature: number): number {
  const { rows, shares } = softmaxOf(projections, temperature)
  return shares.reduce((sum, row, i) => sum - Math.log(row[(i + rows / 2) % rows]!), 0) / rows
}

/** d loss / d projections: through the cosines of both sides, then through the unit vectors. */
function gradientOracle(projections: HostTensor, temperature: number): Float64Array {
  const { rows, size, units, cosine, shares } = softmaxOf(projections, temperature)
  const slope = (a: number, b: number): number => {
    const oneWay = (row: number, other: number): number =>
      shares[row]![other]! - Number(other === (row + rows / 2) % rows)
    return (oneWay(a, b) + oneWay(b, a)) / rows / temperature
  }
  const gradient = new Float64Array(rows * size)
  units.forEach(({ length, unit }, a) =>
    units.forEach((other, b) => {
      if (a !== b)
        for (let c = 0; c < size; c++)
          gradient[a * size + c]! +=
            (slope(a, b) * (other.unit[c]! - cosine(a, b) * unit[c]!)) / length
    }),
  )
  return gradient
}

const SIX: HostTensor = {
  shape: [6, 2],
  data: [1, 2, 0.5, -1, -2, 0.3, 2, 1, 0, -3, 1, 1],
}

test.each([
  [0.5, 1.37394172118, 2.74788344237],
  [0.1, 4.0283156324, 8.05663126481],
])('D14 NT-Xent at temperature %f, mean over 2 N', async (temperature, expected, published) => {
  const { loss } = await read(SIX, temperature)
  expect(loss).toBeCloseTo(expected, 5)
  expect(2 * loss!).toBeCloseTo(published, 5)
})

describe.each([
  [2, 3],
  [10, 8],
  [66, 16],
])('%i views, %i channels', (rows, size) => {
  const projections = noise([rows, size], 4)
  const T = 0.3

  test('agrees with float64, value and gradient', async () => {
    const op = (x: tf.Tensor): tf.Scalar => ntXent(x as tf.Tensor2D, tf.scalar(T)).loss
    const { value, gradients } = await valueAndGradients(op, [projections])
    expect(worstError(value, [lossOracle(projections, T)])).toBeLessThan(TOLERANCES.losses.value)
    expect(worstError(gradients[0]!, gradientOracle(projections, T))).toBeLessThan(2e-6)
  })

  test('D15 the two views may change places', async () => {
    const half = projections.data.length / 2
    const [first, second] = [0, half].map((from) =>
      Array.from({ length: half }, (_, i) => projections.data[from + i]!),
    )
    const swapped = { shape: [rows, size], data: [...second!, ...first!] }
    const [one, other] = [await read(projections, T), await read(swapped, T)]
    expect(other.loss).toBeCloseTo(one.loss!, 5)
    expect(other.accuracy).toBe(one.accuracy)
  })

  test('its terms agree with float64', async () => {
    const { cosine, deviation, accuracy } = await read(projections, T)
    const part = (from: number): HostTensor => ({
      shape: [rows / 2, size],
      data: Array.from(projections.data)
        .slice((from * rows * size) / 2)
        .slice(0, (rows * size) / 2),
    })
    const expected = cosineStatisticsOracle(part(0), part(1))
    expect(cosine).toBeCloseTo(expected.cosine, 5)
    expect(deviation).toBeCloseTo(expected.deviation, 5)
    const { shares } = softmaxOf(projections, T)
    const right = shares.filter((row, i) => row.indexOf(Math.max(...row)) === (i + rows / 2) % rows)
    expect(accuracy).toBeCloseTo(right.length / rows, 6)
  })
})

test('D15 what a row has in common with itself has no effect, on value or gradient, to the bit', async () => {
  const cosines = noise([6, 6], 9, 0.3)
  const other = {
    ...cosines,
    data: Array.from(cosines.data, (value, i) => (i % 7 === 0 ? 1e4 * value : value)),
  }
  const op = (x: tf.Tensor): tf.Tensor => logitsAmong(x as tf.Tensor2D, tf.scalar(0.1)).softmax()
  const dy = noise([6, 6], 10)
  const [one, two] = [
    await valueAndGradients(op, [cosines], dy),
    await valueAndGradients(op, [other], dy),
  ]
  expect(two).toEqual(one)
  for (let row = 0; row < 6; row++) {
    expect(one.value[7 * row]).toBe(0)
    expect(Math.abs(one.gradients[0]![7 * row]!)).toBe(0)
  }
})
