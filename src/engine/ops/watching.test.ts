import * as tf from '@tensorflow/tfjs'
import { describe, expect, it } from 'vitest'
import { countDispatches } from '../testing/dispatches.ts'
import { noise, worstError } from '../testing/noise.ts'
import { useEngine } from '../testing/opCase.ts'
import { take, upload } from '../testing/run.ts'
import { TOLERANCES } from '../testing/tolerances.ts'
import { binnedSums } from './binnedSums.ts'
import { nearestLowerRank } from './nearestLowerRank.ts'
import { standardise } from './standardise.ts'

useEngine()

/** Whole numbers from −1 to `most`, in float32. */
const wholes = (shape: readonly number[], most: number, seed: number) => {
  const { data } = noise(shape, seed, most)
  return {
    shape,
    data: Float32Array.from(data, (value) => Math.round(Math.abs(value) % (most + 1)) - 1),
  }
}

describe('binnedSums', () => {
  it.each([
    { shape: [1, 1], count: 1, cost: 1 },
    { shape: [3, 67], count: 5, cost: 1 },
    { shape: [19, 64], count: 64, cost: 2 },
    { shape: [24, 1024], count: 131, cost: 2 },
  ])('of $shape in $count bins: $cost dispatches', async ({ shape, count, cost }) => {
    const values = noise(shape, 1)
    // From −1, which is no bin, to one more than the last.
    const bins = wholes(shape, count + 1, 2)
    const expected = new Float64Array(2 * count)
    bins.data.forEach((bin, i) => {
      if (bin < 0 || bin >= count) return
      expected[bin]! += values.data[i]!
      expected[count + bin]! += 1
    })
    const tensors = [upload(values), upload(bins)] as const
    const sums = (): tf.Tensor2D => binnedSums(...tensors, count)
    expect(countDispatches(() => sums().dispose())).toBe(cost)
    const [first, second] = [await take(sums()), await take(sums())]
    tf.dispose([...tensors])
    expect(worstError(first, expected)).toBeLessThan(TOLERANCES.default.value)
    expect([...first.slice(count)]).toEqual([...expected.slice(count)])
    expect(second).toEqual(first)
  })

  it('wants a bin for every value', () => {
    tf.tidy(() => {
      expect(() => binnedSums(tf.zeros([2, 3]), tf.zeros([3, 2]), 4)).toThrow('bins [3,2]')
    })
  })
})

describe('nearestLowerRank', () => {
  it.each([
    { batch: 2, grid: 1, ranks: 1 },
    { batch: 3, grid: 5, ranks: 4 },
    { batch: 2, grid: 32, ranks: 1023 },
  ])('of $batch grids of $grid × $grid', async ({ batch, grid, ranks }) => {
    const tokens = grid ** 2
    const { data } = wholes([batch, tokens], ranks, 3)
    const expected = Array.from(data, (own, at) => {
      const first = at - (at % tokens)
      const distances = Array.from({ length: tokens }, (_, other) => {
        const apart = (of: (token: number) => number): number => of(other) - of(at % tokens)
        const distance = Math.hypot(
          apart((t) => t % grid),
          apart((t) => Math.floor(t / grid)),
        )
        return data[first + other]! < own ? distance : Infinity
      })
      const nearest = Math.min(...distances)
      return nearest === Infinity ? -1 : nearest
    })
    const distances = tf.tidy(() => nearestLowerRank(tf.tensor2d(data, [batch, tokens]), grid))
    const actual = [...(await take(distances))]
    expect(worstError(actual, expected)).toBeLessThan(TOLERANCES.default.value)
    // A mean by distance puts a distance of exactly 2 into the bin that begins at 2.
    expect(actual.map((d) => Math.floor(2 * d))).toEqual(expected.map((d) => Math.floor(2 * d)))
  })

  it('is exact for whole distances', async () => {
    // The only lower rank is in the corner; token (y, x) is √(y² + x²) away.
    const ranks = Float32Array.from({ length: 1024 }, (_, token) => Number(token > 0))
    const all = await take(tf.tidy(() => nearestLowerRank(tf.tensor2d(ranks, [1, 1024]), 32)))
    const whole = [5, 3 * 32 + 4, 20 * 32 + 21, 24 * 32 + 10].map((token) => all[token])
    expect([all[0], ...whole]).toEqual([-1, 5, 5, 29, 26])
  })

  it('wants a square', () => {
    tf.tidy(() => {
      expect(() => nearestLowerRank(tf.zeros([2, 6]), 2)).toThrow('6 tokens are not a grid of 2')
    })
  })
})

describe('standardise', () => {
  it('takes the unbiased variance', async () => {
    const patch = await take(tf.tidy(() => standardise(tf.range(0, 48), 1e-6)))
    expect(patch[0]).toBeCloseTo(-1.6785714, 6)
    expect(patch[47]).toBeCloseTo(1.6785714, 6)
    const zeroPrediction = patch.reduce((sum, value) => sum + value ** 2, 0) / 48
    expect(zeroPrediction).toBeCloseTo(0.9791667, 6)
  })

  it.each([[[3, 2]], [[2, 67, 3]], [[131, 48]]])('agrees with float64: %j', async (shape) => {
    const x = noise(shape, 5, 0.1, 0.5)
    const width = shape.at(-1)!
    const epsilon = 0.01
    const expected = Array.from(x.data, (value, i) => {
      const row = Array.from(x.data).slice(i - (i % width), i - (i % width) + width)
      const mean = row.reduce((sum, one) => sum + one, 0) / width
      const variance = row.reduce((sum, one) => sum + (one - mean) ** 2, 0) / (width - 1)
      return (value - mean) / Math.sqrt(variance + epsilon)
    })
    const actual = await take(tf.tidy(() => standardise(upload(x), epsilon)))
    expect(worstError(actual, expected)).toBeLessThan(TOLERANCES.default.value)
  })

  it('gives 0 for a patch of one colour, and refuses single values', async () => {
    expect([...(await take(tf.tidy(() => standardise(tf.fill([2, 12], 0.3), 1e-6))))]).toEqual(
      new Array(24).fill(0),
    )
    tf.tidy(() => {
      expect(() => standardise(tf.zeros([2, 1]), 1e-6)).toThrow('the variance of 1 value')
    })
  })
})
