import type * as tf from '@tensorflow/tfjs'
import { groupsFor, kernelNamed, uniformOf } from '../kernel.ts'
import {
  BATCH_MOMENTS_CODE,
  BATCH_NORM_COLUMNS,
  batchNormCode,
  batchNormGradientCode,
  batchNormInferenceCode,
  batchNormSumsCode,
  runningStatisticsCode,
} from '../kernels/batchNorm.ts'
import { emptyTensor } from '../tensors.ts'
import { blocksOf } from './columnSum.ts'
import { differentiableMany } from './differentiable.ts'

/** What every channel is multiplied by and what is added to it, each [channels]. */
export interface Affine {
  readonly weight: tf.Tensor1D
  readonly bias: tf.Tensor1D
}

/** Mean and variance of every channel, each [channels]. */
export interface ChannelStatistics {
  readonly mean: tf.Tensor1D
  readonly variance: tf.Tensor1D
}

/** A normalised batch and its own statistics, with the biased variance. */
export interface NormalisedBatch<T extends tf.Tensor> extends ChannelStatistics {
  readonly y: T
}

/**
 * Batch norm in training: y = (x − mean) / √(variance + ε) · weight + bias, with mean and biased variance of every
 * channel over all other axes. Two dispatches, and two for the gradients.
 *
 * Gradients, with x̂ the normalised x: dx = weight / √(variance + ε) · (dy − mean(dy) − x̂ mean(dy x̂)), dweight = Σ dy x̂,
 * dbias = Σ dy. The statistics that it returns have no gradient.
 * @param x [..., channels]
 * @param affine null for none: weight 1, bias 0
 */
export function batchNorm<T extends tf.Tensor>(
  x: T,
  affine: Affine | null,
  epsilon: number,
): NormalisedBatch<T> {
  const width = x.shape.at(-1)!
  const blocks = blocksOf(x.size / width)
  const columns = groupsFor(width, BATCH_NORM_COLUMNS)
  const sizes = uniformOf([width])
  const parameters = affine === null ? [] : [affine.weight, affine.bias]
  const name = `${epsilon}${affine === null ? '' : ' affine'}`
  const [y, mean, variance] = differentiableMany(
    [x, ...parameters],
    (save) => {
      const moments = emptyTensor([blocks, width, 2])
      kernelNamed('batch norm moments', () => BATCH_MOMENTS_CODE).dispatch(
        [sizes, x, moments],
        columns,
        blocks,
      )
      const results = [
        emptyTensor(x.shape) as T,
        emptyTensor<tf.Rank.R1>([width]),
        emptyTensor<tf.Rank.R1>([width]),
      ] as const
      kernelNamed(`batch norm ${name}`, () => batchNormCode(epsilon, affine !== null)).dispatch(
        [sizes, x, moments, ...results, ...parameters],
        columns,
        blocks,
      )
      save([x, results[1], results[2], ...parameters.slice(0, 1)])
      return results
    },
    ([dy], saved) => {
      if (dy === null) throw new Error('the statistics of a batch have no gradient')
      const [input, ...rest] = saved
      const [ownMean, ownVariance, ...weight] = rest
      const sums = emptyTensor([blocks, width, 4])
      kernelNamed(`batch norm sums ${epsilon}`, () => batchNormSumsCode(epsilon)).dispatch(
        [sizes, input!, ownMean!, ownVariance!, dy, sums],
        columns,
        blocks,
      )
      const dx = emptyTensor(x.shape)
      const gradients = parameters.map(() => emptyTensor([width]))
      kernelNamed(`batch norm gradient${affine === null ? '' : ' affine'}`, () =>
        batchNormGradientCode(affine !== null),
      ).dispatch([sizes, input!, dy, sums, dx, ...weight, ...gradients], columns, blocks)
      return [dx, ...gradients]
    },
  )
  return { y, mean, variance }
}

/**
 * Running statistics after one more batch: (1 − momentum) · running + momentum · batch, with the batch's variance made
 * unbiased (times rows / (rows − 1)). The caller keeps the result. Not differentiable.
 * @param rows that the batch's statistics were taken over
 * @param momentum share of the new batch, 0.1 by convention; baked into the kernel
 */
export function updateRunning(
  running: ChannelStatistics,
  batch: ChannelStatistics,
  rows: number,
  momentum: number,
): ChannelStatistics {
  const [width] = batch.mean.shape
  const mean = emptyTensor<tf.Rank.R1>([width])
  const variance = emptyTensor<tf.Rank.R1>([width])
  kernelNamed(`batch norm running ${momentum} ${rows}`, () =>
    runningStatisticsCode(momentum, rows),
  ).dispatch(
    [batch.mean, batch.variance, running.mean, running.variance, mean, variance],
    groupsFor(width, BATCH_NORM_COLUMNS),
  )
  return { mean, variance }
}

/**
 * Batch norm in evaluation: y = (x − mean) / √(variance + ε) · weight + bias with given statistics. Not differentiable.
 * @param x [..., channels]
 */
export function batchNormInference<T extends tf.Tensor>(
  x: T,
  { mean, variance }: ChannelStatistics,
  affine: Affine | null,
  epsilon: number,
): T {
  const y = emptyTensor(x.shape) as T
  const parameters = affine === null ? [] : [affine.weight, affine.bias]
  kernelNamed(`batch norm evaluation ${epsilon}${affine === null ? '' : ' affine'}`, () =>
    batchNormInferenceCode(epsilon, affine !== null),
  ).dispatchMany([x, mean, variance, y, ...parameters], groupsFor(x.size, BATCH_NORM_COLUMNS))
  return y
}
