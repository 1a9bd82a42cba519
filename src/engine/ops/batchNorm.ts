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
  type BatchNormPlan,
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
export const batchNorm = <T extends tf.Tensor>(
  x: T,
  affine: Affine | null,
  epsilon: number,
): NormalisedBatch<T> => normalise(x, affine, null, { epsilon, relu: false })

/**
 * Batch norm in training and what follows it in a residual network, y = max(0, batchNorm(x) + skip), in as many
 * dispatches as batch norm alone.
 *
 * Gradients: those of `batchNorm` with dy made 0 where y is 0, which is the gradient of the skip too.
 * @param skip of the shape of x, or null for none
 */
export const batchNormRelu = <T extends tf.Tensor>(
  x: T,
  affine: Affine | null,
  skip: T | null,
  epsilon: number,
): NormalisedBatch<T> => normalise(x, affine, skip, { epsilon, relu: true })

function normalise<T extends tf.Tensor>(
  x: T,
  affine: Affine | null,
  skip: T | null,
  { epsilon, relu }: Pick<BatchNormPlan, 'epsilon' | 'relu'>,
): NormalisedBatch<T> {
  const width = x.shape.at(-1)!
  const plan: BatchNormPlan = { epsilon, relu, affine: affine !== null, skip: skip !== null }
  const parameters = affine === null ? [] : [affine.weight, affine.bias]
  const skips = skip === null ? [] : [skip]
  const { run, blocks, name } = runnerFor(x, plan)
  const [y, mean, variance] = differentiableMany(
    [x, ...parameters, ...skips],
    (save) => {
      const moments = emptyTensor([blocks, width, 2])
      run('moments', () => BATCH_MOMENTS_CODE, [x, moments])
      const result = emptyTensor(x.shape) as T
      const own = [emptyTensor<tf.Rank.R1>([width]), emptyTensor<tf.Rank.R1>([width])] as const
      const bindings = [x, moments, result, ...own, ...parameters, ...skips]
      run(`values ${name}`, () => batchNormCode(plan), bindings)
      save([x, ...own, relu ? result : x, ...parameters.slice(0, 1)])
      return [result, ...own] as const
    },
    ([dy], [input, ownMean, ownVariance, output, ...weight]) => {
      if (dy === null) throw new Error('the statistics of a batch have no gradient')
      const sums = emptyTensor([blocks, width, 4])
      const dskips = skips.map(() => emptyTensor(x.shape))
      const outputs = relu ? [output!] : []
      const forSums = [input!, ownMean!, ownVariance!, dy, sums, ...outputs, ...dskips]
      run(`sums ${name}`, () => batchNormSumsCode(plan), forSums)
      const dx = emptyTensor(x.shape)
      const gradients = parameters.map(() => emptyTensor([width]))
      // The gradient of the skip is dy with the zeros already in their places.
      const masks = relu && skip === null
      const upstream = dskips[0] ?? dy
      run(
        `gradient${plan.affine ? ' affine' : ''}${masks ? ' relu' : ''}`,
        () => batchNormGradientCode(plan.affine, masks),
        [input!, upstream, sums, dx, ...weight, ...gradients, ...(masks ? outputs : [])],
      )
      return [dx, ...gradients, ...dskips]
    },
  )
  return { y, mean, variance }
}

/** How kernels of batch norm are run: a thread to every column of every one of `blocks` blocks of rows. */
function runnerFor(
  x: tf.Tensor,
  { epsilon, affine, relu, skip }: BatchNormPlan,
): {
  readonly blocks: number
  /** Names the plan. */
  readonly name: string
  readonly run: (kernel: string, code: () => string, bindings: readonly tf.Tensor[]) => void
} {
  const width = x.shape.at(-1)!
  const blocks = blocksOf(x.size / width)
  return {
    blocks,
    name: [epsilon, affine && 'affine', relu && 'relu', skip && 'skip'].filter(Boolean).join(' '),
    run: (kernel, code, bindings) => {
      kernelNamed(`batch norm ${kernel}`, code).dispatch(
        [uniformOf([width]), ...bindings],
        groupsFor(width, BATCH_NORM_COLUMNS),
        blocks,
      )
    },
  }
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
