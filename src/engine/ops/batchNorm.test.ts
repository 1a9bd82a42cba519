import * as tf from '@tensorflow/tfjs'
import { describe, expect, it } from 'vitest'
import { batchNormOracle, batchNormReluOracle } from '../testing/batchNormOracle.ts'
import { countDispatches } from '../testing/dispatches.ts'
import { noise, worstError } from '../testing/noise.ts'
import { describeOps, useEngine, type OpCase } from '../testing/opCase.ts'
import { take, upload, type HostTensor } from '../testing/run.ts'
import { batchNorm, batchNormInference, batchNormRelu, updateRunning } from './batchNorm.ts'

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

describeOps([
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

  it('keeps running statistics and uses them', async () => {
    const rows = 6
    const shape = [rows, 5]
    const inputs = inputsOf(shape, true)
    const oracle = batchNormOracle(EPSILON)(inputs, inputs[0]!.data)
    const old = [noise([5], 8), noise([5], 9, 0.1, 1)]
    const expected = {
      mean: oracle.mean.map((mean, c) => 0.75 * old[0]!.data[c]! + 0.25 * mean),
      variance: oracle.variance.map(
        (variance, c) => 0.75 * old[1]!.data[c]! + (0.25 * variance * rows) / (rows - 1),
      ),
    }
    const [running, y] = tf.tidy(() => {
      const [mean, variance] = old.map((one) => upload<tf.Rank.R1>(one))
      const [x, ...parameters] = inputs.map(upload)
      const batch = batchNorm(x!, affineOf(parameters), EPSILON)
      const after = updateRunning({ mean: mean!, variance: variance! }, batch, rows, 0.25)
      return [{ ...after }, batchNormInference(x!, after, affineOf(parameters), EPSILON)]
    })
    expect(worstError(await take(running.mean), expected.mean)).toBeLessThan(1e-6)
    expect(worstError(await take(running.variance), expected.variance)).toBeLessThan(1e-6)
    const [x, weight, bias] = inputs.map(({ data }) => data)
    const value = Float64Array.from(x!, (entry, i) => {
      const c = i % 5
      const normal = (entry - expected.mean[c]!) / Math.sqrt(expected.variance[c]! + EPSILON)
      return normal * weight![c]! + bias![c]!
    })
    expect(worstError(await take(y), value)).toBeLessThan(2e-6)
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

  it.each([batchNormCase([300, 5], true), reluCase([300, 5], true, true)])(
    '$name costs two dispatches, and two for its gradients',
    ({ op, inputs }) => {
      const tensors = inputs.map(upload)
      const dy = tf.tidy(() => tf.onesLike(op(...tensors)))
      const forward = countDispatches(() => tf.tidy(() => void op(...tensors)))
      const both = countDispatches(() => tf.dispose(tf.tidy(() => tf.grads(op)(tensors, dy))))
      tf.dispose([tensors, dy])
      expect([forward, both]).toEqual([2, 4])
    },
  )
})
