import * as tf from '@tensorflow/tfjs'
import { describe, expect, it } from 'vitest'
import { batchNormOracle, batchNormReluOracle, keptNormOracle } from '../testing/batchNormOracle.ts'
import { countDispatches } from '../testing/dispatches.ts'
import { noise, worstError } from '../testing/noise.ts'
import { describeOps, useEngine, type OpCase } from '../testing/opCase.ts'
import { take, upload, type HostTensor } from '../testing/run.ts'
import {
  batchNorm,
  batchNormInference,
  batchNormRelu,
  batchNormReluInference,
  updateRunning,
} from './batchNorm.ts'

useEngine()

const EPSILON = 1e-5

const affineOf = ([weight, bias]: readonly tf.Tensor[]) =>
  weight && bias ? { weight: weight as tf.Tensor1D, bias: bias as tf.Tensor1D } : null

const inputsOf = (shape: readonly number[], affine: boolean, offset = 1): HostTensor[] => {
  const channels = [shape.at(-1)!]
  const parameters = [noise(channels, 2, 0.5, 1), noise(channels, 3)]
  return [noise(shape, 1, 2, offset), ...(affine ? parameters : [])]
}

const batchNormCase = (shape: number[], affine: boolean): OpCase => ({
  name: `[${shape.join()}]${affine ? ' affine' : ''}`,
  op: (x, ...parameters) => batchNorm(x, affineOf(parameters), EPSILON).y,
  oracle: batchNormOracle(EPSILON),
  inputs: inputsOf(shape, affine),
  shape,
})

const reluCase = (shape: number[], affine: boolean, skip: boolean): OpCase => ({
  name: `[${shape.join()}]${affine ? ' affine' : ''}, relu${skip ? ' after a skip' : ''}`,
  op: (x, ...rest) => {
    const parameters = affine ? rest.slice(0, 2) : []
    return batchNormRelu(x, affineOf(parameters), skip ? rest.at(-1)! : null, EPSILON).y
  },
  oracle: batchNormReluOracle(EPSILON, affine),
  inputs: [...inputsOf(shape, affine), ...(skip ? [noise(shape, 6)] : [])],
  shape,
})

const keptCase = (
  shape: number[],
  {
    affine = true,
    relu = false,
    skip = false,
  }: Partial<Record<'affine' | 'relu' | 'skip', boolean>>,
): OpCase => {
  const channels = [shape.at(-1)!]
  const [mean, spread] = [noise(channels, 8), noise(channels, 9, 0.3)]
  const variance = { ...spread, data: Float32Array.from(spread.data, (value) => 0.5 + value ** 2) }
  return {
    name: `[${shape.join()}]${affine ? ' affine' : ''}${relu ? ', relu' : ''}${skip ? ' after a skip' : ''}, statistics given`,
    op: (x, ...rest) => {
      const statistics = { mean: upload<tf.Rank.R1>(mean), variance: upload<tf.Rank.R1>(variance) }
      const parameters = affineOf(affine ? rest.slice(0, 2) : [])
      return relu
        ? batchNormReluInference(x, statistics, parameters, skip ? rest.at(-1)! : null, EPSILON)
        : batchNormInference(x, statistics, parameters, EPSILON)
    },
    oracle: keptNormOracle(EPSILON, { mean: mean.data, variance: variance.data }, { affine, relu }),
    inputs: [...inputsOf(shape, affine), ...(skip ? [noise(shape, 6)] : [])],
    shape,
  }
}

describeOps([
  keptCase([1, 1], {}),
  keptCase([67, 5], { affine: false }),
  keptCase([2, 3, 5, 7], {}),
  keptCase([67, 5], { relu: true, skip: true, affine: false }),
  keptCase([131, 65], { relu: true }),
  keptCase([4, 8, 8, 64], { relu: true, skip: true }),
  batchNormCase([2, 1], true),
  batchNormCase([5, 3], false),
  batchNormCase([67, 5], true),
  batchNormCase([131, 65], false),
  batchNormCase([256, 512], false),
  batchNormCase([8, 16, 16, 64], true),
  reluCase([67, 5], true, true),
  reluCase([67, 5], false, true),
  reluCase([67, 5], true, false),
  reluCase([67, 5], false, false),
  reluCase([4, 8, 8, 64], true, true),
])

describe('batch norm', () => {
  it('keeps its digits far from zero', async () => {
    const inputs = inputsOf([512, 8], false, 1000)
    const expected = batchNormOracle(EPSILON)(inputs, inputs[0]!.data)
    const y = tf.tidy(() => batchNorm(upload(inputs[0]!), null, EPSILON).y)
    expect(worstError(await take(y), expected.value)).toBeLessThan(2e-4)
  })

  it('gives the statistics of the batch, which have no gradient', async () => {
    const [x] = inputsOf([100, 7], false)
    const { mean, variance } = batchNormOracle(EPSILON)([x!], x!.data)
    const tensor = upload(x!)
    const batch = batchNorm(tensor, null, EPSILON)
    expect(worstError(await take(batch.mean), mean)).toBeLessThan(1e-6)
    expect(worstError(await take(batch.variance), variance)).toBeLessThan(1e-6)
    const gradient = tf.tidy(() =>
      tf.grad((t: tf.Tensor) => {
        const { y, mean: own } = batchNorm(t, null, EPSILON)
        return y
          .mul(tf.scalar(2))
          .sum()
          .add(own.mul(tf.scalar(0)).sum())
      })(tensor),
    )
    expect((await take(gradient)).every((entry) => Math.abs(entry) < 1e-5)).toBe(true)
    const ofMean = tf.grad((t: tf.Tensor) => batchNorm(t, null, EPSILON).mean.sum())
    expect(() => tf.tidy(() => ofMean(tensor))).toThrow('no gradient')
    tf.dispose([tensor, batch.y])
  })

  it.each([0.25, 'a tensor of 0.25'])('moves running statistics by %s', async (momentum) => {
    const rows = 6
    const [x] = inputsOf([rows, 5], false)
    const oracle = batchNormOracle(EPSILON)([x!], x!.data)
    const old = [noise([5], 8), noise([5], 9, 0.1, 1)]
    const [mean, variance] = [oracle.mean, oracle.variance.map((v) => (v * rows) / (rows - 1))].map(
      (now, i) => now.map((value, c) => 0.75 * old[i]!.data[c]! + 0.25 * value),
    )
    const running = tf.tidy(() => {
      const before = old.map((one) => upload<tf.Rank.R1>(one))
      const batch = batchNorm(upload(x!), null, EPSILON)
      const share = typeof momentum === 'number' ? momentum : tf.scalar(0.25)
      return { ...updateRunning({ mean: before[0]!, variance: before[1]! }, batch, rows, share) }
    })
    expect(worstError(await take(running.mean), mean!)).toBeLessThan(1e-6)
    expect(worstError(await take(running.variance), variance!)).toBeLessThan(1e-6)
  })

  it('normalises with given statistics without weights', async () => {
    const y = tf.tidy(() =>
      batchNormInference(
        tf.tensor2d([3, 10, 5, 4], [2, 2]),
        { mean: tf.tensor1d([3, 4]), variance: tf.tensor1d([4, 9]) },
        null,
        0,
      ),
    )
    expect(worstError(await take(y), [0, 2, 1, 0])).toBeLessThan(1e-6)
  })

  it.each([
    { ...batchNormCase([300, 5], true), own: 2 },
    { ...reluCase([300, 5], true, true), own: 2 },
    { ...keptCase([300, 5], { relu: true, skip: true }), own: 1 },
  ])('$name costs few dispatches, and two for its gradients', ({ op, inputs, own }) => {
    const tensors = inputs.map(upload)
    const dy = tf.tidy(() => tf.onesLike(op(...tensors)))
    const forward = countDispatches(() => tf.tidy(() => void op(...tensors)))
    const both = countDispatches(() => tf.dispose(tf.tidy(() => tf.grads(op)(tensors, dy))))
    tf.dispose([tensors, dy])
    expect([forward, both]).toEqual([own, own + 2])
  })
})
