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
import { differentiable, differentiableMany } from './differentiable.ts'

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
): NormalisedBatch<T> => ofBatch(x, affine, null, { epsilon, relu: false })

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
): NormalisedBatch<T> => ofBatch(x, affine, skip, { epsilon, relu: true })

/**
 * Batch norm in evaluation: y = (x − mean) / √(variance + ε) · weight + bias with given statistics, in one dispatch.
 *
 * Gradients, in two: dx = weight / √(variance + ε) · dy, dweight = Σ dy x̂, dbias = Σ dy; the statistics have none.
 * @param x [..., channels]
 * @param affine null for none: weight 1, bias 0
 */
export const batchNormInference = <T extends tf.Tensor>(
  x: T,
  statistics: ChannelStatistics,
  affine: Affine | null,
  epsilon: number,
): T => withStatistics(x, statistics, affine, null, { epsilon, relu: false })

/** `batchNormRelu` with given statistics: max(0, batchNormInference(x) + skip), in as many dispatches. */
export const batchNormReluInference = <T extends tf.Tensor>(
  x: T,
  statistics: ChannelStatistics,
  affine: Affine | null,
  skip: T | null,
  epsilon: number,
): T => withStatistics(x, statistics, affine, skip, { epsilon, relu: true })

type Choice = Pick<BatchNormPlan, 'epsilon' | 'relu'>

const parametersOf = (affine: Affine | null): tf.Tensor1D[] =>
  affine === null ? [] : [affine.weight, affine.bias]

function ofBatch<T extends tf.Tensor>(
  x: T,
  affine: Affine | null,
  skip: T | null,
  choice: Choice,
): NormalisedBatch<T> {
  const width = x.shape.at(-1)!
  const plan: BatchNormPlan = { ...choice, affine: affine !== null, skip: skip !== null }
  const parameters = parametersOf(affine)
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
      save([x, ...own, plan.relu ? result : x, ...parameters.slice(0, 1)])
      return [result, ...own] as const
    },
    ([dy], saved) => {
      if (dy === null) throw new Error('the statistics of a batch have no gradient')
      return gradients(plan, dy, saved, false)
    },
  )
  return { y, mean, variance }
}

function withStatistics<T extends tf.Tensor>(
  x: T,
  { mean, variance }: ChannelStatistics,
  affine: Affine | null,
  skip: T | null,
  choice: Choice,
): T {
  const plan: BatchNormPlan = { ...choice, affine: affine !== null, skip: skip !== null }
  const parameters = parametersOf(affine)
  const skips = skip === null ? [] : [skip]
  return differentiable<T>(
    [x, ...parameters, ...skips],
    (save) => {
      const y = emptyTensor(x.shape) as T
      const bindings = [x, mean, variance, y, ...parameters, ...skips]
      kernelNamed(`batch norm evaluation ${nameOf(plan)}`, () =>
        batchNormInferenceCode(plan),
      ).dispatchMany(bindings, groupsFor(x.size, BATCH_NORM_COLUMNS))
      save([x, mean, variance, plan.relu ? y : x, ...parameters.slice(0, 1)])
      return y
    },
    (dy, saved) => gradients(plan, dy, saved, true),
  )
}

/**
 * The gradients of x, of weight and bias where it is affine, and of the skip where there is one.
 * @param saved x, mean, variance, y (with ReLU), weight (where it is affine)
 * @param kept whether the statistics were given
 */
function gradients(
  plan: BatchNormPlan,
  dy: tf.Tensor,
  [x, mean, variance, y, ...weight]: readonly tf.Tensor[],
  kept: boolean,
): tf.Tensor[] {
  const { affine, relu, skip } = plan
  const { run, blocks, name } = runnerFor(x!, plan)
  const width = x!.shape.at(-1)!
  const sums = emptyTensor([blocks, width, 4])
  const dskips = skip ? [emptyTensor(x!.shape)] : []
  const outputs = relu ? [y!] : []
  const forSums = [x!, mean!, variance!, dy, sums, ...outputs, ...dskips]
  run(`sums ${name}`, () => batchNormSumsCode(plan), forSums)
  const dx = emptyTensor(x!.shape)
  const dparameters = affine ? [emptyTensor([width]), emptyTensor([width])] : []
  // The gradient of the skip is dy with the zeros already in their places.
  const masks = relu && !skip
  const gradientPlan = { affine, relu: masks, kept }
  run(
    `gradient ${words({ affine, relu: masks, kept })}`,
    () => batchNormGradientCode(gradientPlan),
    [x!, dskips[0] ?? dy, sums, dx, ...weight, ...dparameters, ...(masks ? outputs : [])],
  )
  return [dx, ...dparameters, ...dskips]
}

/** The words that hold. */
const words = (flags: Readonly<Record<string, boolean>>): string =>
  Object.keys(flags)
    .filter((word) => flags[word])
    .join(' ')

/** Names a plan. */
const nameOf = ({ epsilon, ...flags }: BatchNormPlan): string => `${epsilon} ${words({ ...flags })}`

/** How kernels of batch norm are run: a thread to every column of every one of `blocks` blocks of rows. */
function runnerFor(
  x: tf.Tensor,
  plan: BatchNormPlan,
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
    name: nameOf(plan),
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
 * @param momentum share of the new batch, 0.1 by convention: a number is baked into the kernel, a tensor is read
 */
export function updateRunning(
  running: ChannelStatistics,
  batch: ChannelStatistics,
  rows: number,
  momentum: number | tf.Scalar,
): ChannelStatistics {
  const [width] = batch.mean.shape
  const mean = emptyTensor<tf.Rank.R1>([width])
  const variance = emptyTensor<tf.Rank.R1>([width])
  const baked = typeof momentum === 'number' ? momentum : null
  const given = typeof momentum === 'number' ? [] : [momentum]
  kernelNamed(`batch norm running ${baked} ${rows}`, () =>
    runningStatisticsCode(baked, rows),
  ).dispatch(
    [batch.mean, batch.variance, running.mean, running.variance, mean, variance, ...given],
    groupsFor(width, BATCH_NORM_COLUMNS),
  )
  return { mean, variance }
}
