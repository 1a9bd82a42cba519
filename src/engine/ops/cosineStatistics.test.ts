import * as tf from '@tensorflow/tfjs'
import { describe, expect, it } from 'vitest'
import { cosineStatisticsOracle } from '../testing/cosineStatisticsOracle.ts'
import { countDispatches } from '../testing/dispatches.ts'
import { noise } from '../testing/noise.ts'
import { useEngine } from '../testing/opCase.ts'
import { take, upload, type HostTensor } from '../testing/run.ts'
import { cosineStatistics } from './cosineStatistics.ts'

useEngine()

async function measured(x: HostTensor, target: HostTensor) {
  const { cosine, spread, deviation } = tf.tidy(() => ({
    ...cosineStatistics(upload<tf.Rank.R2>(x), upload<tf.Rank.R2>(target)),
  }))
  const [first, second, third] = [await take(cosine), await take(spread), await take(deviation)]
  return { cosine: first[0]!, spread: second[0]!, deviation: third[0]! }
}

async function expectLikeOracle(x: HostTensor, target: HostTensor, tolerance = 1e-6) {
  const [found, expected] = [await measured(x, target), cosineStatisticsOracle(x, target)]
  for (const key of ['cosine', 'spread', 'deviation'] as const)
    expect(Math.abs(found[key] - expected[key]), key).toBeLessThan(tolerance)
  return found
}

/** Rows that lie close to those of a target, `repeat` for each. */
function near(target: HostTensor, repeat: number, distance: number): HostTensor {
  const [rows, width] = target.shape as [number, number]
  const { data } = noise([repeat * rows, width], 7, distance)
  return {
    shape: [repeat * rows, width],
    data: Array.from(data, (value, i) => value + target.data[i % (rows * width)]!),
  }
}

describe('cosine statistics', () => {
  it.each([
    [1, 1, 1],
    [3, 5, 7],
    [4, 128, 64],
    [10, 6, 33],
    [2, 300, 5],
    [1, 3, 300],
  ])('of %i × %i rows of width %i agree with float64', async (repeat, some, width) => {
    const target = noise([some, width], 2, 3, 0.5)
    await expectLikeOracle(noise([repeat * some, width], 1), target)
    await expectLikeOracle(near(target, repeat, 0.2), target)
  })

  it('tell a tiny spread of cosines near 1', async () => {
    const target = noise([16, 64], 3)
    const { cosine, spread } = await expectLikeOracle(near(target, 5, 0.03), target, 1e-6)
    expect(cosine).toBeGreaterThan(0.999)
    expect(spread).toBeGreaterThan(1e-5)
  })

  it('have no spread over one row for each, and none where targets are the same', async () => {
    const row = noise([1, 12], 4)
    const same = {
      shape: [9, 12],
      data: Array.from({ length: 9 }, () => Array.from(row.data)).flat(),
    }
    const { spread, deviation } = await measured(noise([9, 12], 5), same)
    expect(spread).toBe(0)
    expect(deviation).toBeLessThan(1e-7)
  })

  it('take a row of zeros as one without direction', async () => {
    const target = { shape: [2, 3], data: [0, 0, 0, 1, 2, 2] }
    await expectLikeOracle({ shape: [4, 3], data: [1, 0, 0, 0, 0, 0, 0, 3, 4, 2, 0, 1] }, target)
  })

  it('give the same bits again, in one dispatch', async () => {
    const [x, target] = [noise([36, 10], 8), noise([12, 10], 9)]
    expect(await measured(x, target)).toEqual(await measured(x, target))
    const tensors = [upload<tf.Rank.R2>(x), upload<tf.Rank.R2>(target)] as const
    const dispatches = countDispatches(() => {
      tf.dispose(Object.values(cosineStatistics(...tensors)))
    })
    expect(dispatches).toBe(1)
    tf.dispose([...tensors])
  })

  it('need targets that fit', () => {
    const [x, target] = [tf.zeros<tf.Rank.R2>([7, 4]), tf.zeros<tf.Rank.R2>([3, 4])]
    expect(() => cosineStatistics(x, target)).toThrow('do not fit')
    tf.dispose([x, target])
  })
})
