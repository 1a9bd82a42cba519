import * as tf from '@tensorflow/tfjs'
import { describe, expect, it } from 'vitest'
import { randomAt, Stream } from '../random.ts'
import { countDispatches } from '../testing/dispatches.ts'
import { useEngine } from '../testing/opCase.ts'
import { take } from '../testing/run.ts'
import { detectionStatistics } from './detectionStatistics.ts'

useEngine()

interface Statistics {
  readonly auroc: number
  readonly balancedAccuracy: number
  readonly positives: number
}

async function measured(logits: ArrayLike<number>, labels: readonly number[]): Promise<Statistics> {
  const found = tf.tidy(() => ({
    ...detectionStatistics(tf.tensor1d(Float32Array.from(logits)), tf.tensor1d([...labels])),
  }))
  const { auroc, balancedAccuracy, positives } = found
  const values = [await take(auroc), await take(balancedAccuracy), await take(positives)]
  return { auroc: values[0]![0]!, balancedAccuracy: values[1]![0]!, positives: values[2]![0]! }
}

/** The same by ranks: the mean rank of the ones, where equal values share theirs (Mann and Whitney). */
function oracle(logits: ArrayLike<number>, labels: readonly number[]): Statistics {
  const values = Array.from(logits)
  const sorted = [...values].sort((a, b) => a - b)
  const rankOf = new Map<number, number>()
  for (const value of sorted)
    rankOf.set(value, (sorted.indexOf(value) + 1 + sorted.lastIndexOf(value) + 1) / 2)
  const ones = values.filter((_, i) => labels[i] === 1)
  const zeros = values.filter((_, i) => labels[i] !== 1)
  const [positives, negatives] = [ones.length, zeros.length]
  if (positives === 0 || negatives === 0) return { auroc: 0.5, balancedAccuracy: 0.5, positives }
  const ranks = ones.reduce((sum, value) => sum + rankOf.get(value)!, 0)
  const auroc = (ranks - (positives * (positives + 1)) / 2) / (positives * negatives)
  const share = (right: readonly number[], all: number): number => right.length / all
  const truths = share(
    ones.filter((value) => value > 0),
    positives,
  )
  const rejections = share(
    zeros.filter((value) => value <= 0),
    negatives,
  )
  return { auroc, balancedAccuracy: (truths + rejections) / 2, positives }
}

async function expectLikeOracle(logits: ArrayLike<number>, labels: readonly number[]) {
  const [found, expected] = [await measured(logits, labels), oracle(logits, labels)]
  for (const key of ['auroc', 'balancedAccuracy', 'positives'] as const)
    expect(found[key], key).toBeCloseTo(expected[key], 6)
  return found
}

/** Noisy logits that lean to their labels; rounded to steps, many are equal. */
function leaning(count: number, share: number, step: number) {
  const random = randomAt(count, Stream.init)
  const labels = Array.from({ length: count }, () => Number(random.uniform() < share))
  const logits = Float32Array.from(labels, (label) => {
    const value = random.normal() + label - 0.5
    return step === 0 ? value : step * Math.round(value / step)
  })
  return { logits, labels }
}

describe('detection statistics', () => {
  it.each([3, 64, 255, 1000, 5000])(
    'of %i values agree with ranks, ties and all',
    async (count) => {
      for (const step of [0, 0.5]) {
        const { logits, labels } = leaning(count, 0.2, step)
        const { auroc } = await expectLikeOracle(logits, labels)
        if (count >= 1000) expect(auroc).toBeGreaterThan(0.7)
      }
    },
  )

  it('are 1, 0 and a half where everything is right, wrong or equal', async () => {
    const labels = [0, 1, 0, 1, 0]
    expect(await expectLikeOracle([-1, 2, -3, 0.5, 0], labels)).toMatchObject({
      auroc: 1,
      balancedAccuracy: 1,
    })
    expect(await expectLikeOracle([1, -2, 3, -0.5, 0.1], labels)).toMatchObject({
      auroc: 0,
      balancedAccuracy: 0,
    })
    for (const level of [-4, 0, 1e30])
      expect(await expectLikeOracle([level, level, level, level, level], labels)).toMatchObject({
        auroc: 0.5,
        balancedAccuracy: 0.5,
      })
  })

  it('are a half where only ones or only zeros are', async () => {
    for (const label of [0, 1])
      expect(await measured([3, -2, 1, 0], Array<number>(4).fill(label))).toEqual({
        auroc: 0.5,
        balancedAccuracy: 0.5,
        positives: 4 * label,
      })
  })

  it('give the same bits again, in two dispatches', async () => {
    const { logits, labels } = leaning(777, 0.3, 0)
    expect(await measured(logits, labels)).toEqual(await measured(logits, labels))
    const tensors = [tf.tensor2d(logits, [7, 111]), tf.tensor2d(labels, [7, 111])] as const
    const dispatches = countDispatches(() => {
      tf.dispose(Object.values(detectionStatistics(...tensors)))
    })
    expect(dispatches).toBe(2)
    expect(() => detectionStatistics(tensors[0], tf.zeros([3]))).toThrow('do not fit')
    tf.dispose([...tensors])
  })
})
