import * as tf from '@tensorflow/tfjs'
import { describe, expect, it } from 'vitest'
import { crossEntropyOracle } from '../../engine/testing/lossOracle.ts'
import { noise } from '../../engine/testing/noise.ts'
import { describeOps, useEngine } from '../../engine/testing/opCase.ts'
import type { Oracle } from '../../engine/testing/oracle.ts'
import { take, upload, type HostTensor } from '../../engine/testing/run.ts'
import { TOLERANCES } from '../../engine/testing/tolerances.ts'
import { dinoLoss, pairsOf } from './loss.ts'
import { statisticsOf } from './teacher.ts'

useEngine()

/** Rows of random shares that add up to 1. */
function shares(rows: number, classes: number, seed: number): HostTensor {
  const { data } = noise([rows, classes], seed)
  const weights = Float32Array.from(data, Math.exp)
  for (let base = 0; base < weights.length; base += classes) {
    const row = weights.subarray(base, base + classes)
    const sum = row.reduce((total, weight) => total + weight, 0)
    row.forEach((weight, i) => (row[i] = weight / sum))
  }
  return { shape: [rows, classes], data: weights }
}

/** Pair by pair, as the loss is defined. */
const pairsOracle =
  (targets: HostTensor, images: number, temperature: number): Oracle =>
  ([logits], dy) => {
    const [rows, classes] = logits!.shape as [number, number]
    const views = rows / images
    const size = images * classes
    const part = ({ data }: HostTensor, view: number): HostTensor => ({
      shape: [images, classes],
      data: Float64Array.from({ length: size }, (_, i) => data[view * size + i]!),
    })
    let [loss, pairs] = [0, 0]
    const gradient = new Float64Array(rows * classes)
    for (let i = 0; i < 2; i++)
      for (let v = 0; v < views; v++) {
        if (v === i) continue
        const { value, gradients } = crossEntropyOracle(part(targets, i), temperature)(
          [part(logits!, v)],
          dy,
        )
        loss += value[0]!
        gradients[0]!.forEach((slope, at) => (gradient[v * size + at]! += slope))
        pairs++
      }
    expect(pairs).toBe(pairsOf(views))
    return {
      value: Float64Array.of(loss / pairs),
      gradients: [gradient.map((slope) => slope / pairs)],
    }
  }

const TEMPERATURE = 0.5

describeOps(
  [
    [2, 3, 7],
    [3, 2, 16],
    [10, 5, 33],
  ].map(([views, images, classes]) => {
    const targets = shares(2 * images!, classes!, views!)
    return {
      name: `${views} views of ${images} images, ${classes} prototypes`,
      op: (logits: tf.Tensor) =>
        dinoLoss(logits as tf.Tensor2D, upload<tf.Rank.R2>(targets), tf.scalar(TEMPERATURE)),
      oracle: pairsOracle(targets, images!, TEMPERATURE),
      inputs: [noise([views! * images!, classes!], 9)],
      shape: [],
      tolerance: { value: TOLERANCES.losses.value, gradient: 1e-6 },
    }
  }),
)

it('refuses targets that are not those of two views', () => {
  const rows = (count: number): tf.Tensor2D => tf.zeros([count, 4])
  const loss = (logits: number, targets: number) => (): tf.Scalar =>
    dinoLoss(rows(logits), rows(targets), tf.scalar(1))
  tf.tidy(() => {
    expect(loss(5, 4)).toThrow('do not fit')
    expect(loss(2, 4)).toThrow('do not fit')
    expect(() => dinoLoss(rows(4), tf.zeros([4, 5]), tf.scalar(1))).toThrow('do not fit')
  })
})

describe('what targets say of the teacher', () => {
  const statistics = async (targets: number[][]) => {
    const {
      entropy,
      inUse,
      shares: mean,
    } = tf.tidy(() => ({ ...statisticsOf(tf.tensor2d(targets)) }))
    return {
      entropy: (await take(entropy))[0]!,
      inUse: (await take(inUse))[0]!,
      shares: [...(await take(mean))],
    }
  }

  it.each<[string, number[][], number, number]>([
    [
      'one prototype for all',
      [
        [1, 0, 0, 0],
        [1, 0, 0, 0],
      ],
      0,
      1,
    ],
    [
      'one prototype each',
      [
        [1, 0, 0, 0],
        [0, 1, 0, 0],
      ],
      0,
      2,
    ],
    [
      'all alike',
      [
        [0.25, 0.25, 0.25, 0.25],
        [0.25, 0.25, 0.25, 0.25],
      ],
      Math.log(4),
      4,
    ],
    [
      'halves',
      [
        [0.5, 0.5, 0, 0],
        [0, 0, 0.5, 0.5],
      ],
      Math.log(2),
      4,
    ],
  ])('%s', async (_, targets, entropy, inUse) => {
    const found = await statistics(targets)
    expect(found.entropy).toBeCloseTo(entropy, 5)
    expect(found.inUse).toBeCloseTo(inUse, 4)
    const mean = targets[0]!.map((share, i) => (share + targets[1]![i]!) / 2)
    expect(found.shares).toEqual(mean)
  })
})
