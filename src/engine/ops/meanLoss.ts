import type * as tf from '@tensorflow/tfjs'
import { groupsFor, kernelNamed, uniformOf } from '../kernel.ts'
import {
  ABSOLUTE,
  BINARY,
  focalTerm,
  LOSS_WORKGROUP,
  lossFinalCode,
  lossGradientCode,
  lossPartialCode,
  PRODUCT,
  SQUARE,
  type LossTerm,
} from '../kernels/meanLoss.ts'
import { emptyTensor } from '../tensors.ts'
import { differentiable } from './differentiable.ts'

/** Workgroups that share the sum of a loss: 4096 threads, which one workgroup then adds up. */
const MAX_PARTIAL_GROUPS = 64

/** Which elements count in a mean, and how much. */
export interface Weighting {
  /** Not negative; over the leading axes of the prediction (further axes 1), the same for all elements behind. */
  readonly weights: tf.Tensor
  /** Added to the sum of the weights: keeps the loss 0 instead of NaN where all weights are 0. */
  readonly epsilon?: number
}

/** Mean of (prediction − target)²; see `meanLoss`. */
export const meanSquaredError = (
  prediction: tf.Tensor,
  target: tf.Tensor,
  weighting?: Weighting,
): tf.Scalar => meanLoss(SQUARE, prediction, target, weighting)

/** Mean of value · factor, the factors taken as constants; see `meanLoss`. */
export const meanProduct = (value: tf.Tensor, factor: tf.Tensor): tf.Scalar =>
  meanLoss(PRODUCT, value, factor)

/** Mean of |prediction − target|, whose gradient is 0 where they agree; see `meanLoss`. */
export const meanAbsoluteError = (
  prediction: tf.Tensor,
  target: tf.Tensor,
  weighting?: Weighting,
): tf.Scalar => meanLoss(ABSOLUTE, prediction, target, weighting)

/** Focal L1: mean of |d| (2 sigmoid(alpha |d|) − 1) with d = prediction − target; see `meanLoss`. */
export const focalAbsoluteError = (
  prediction: tf.Tensor,
  target: tf.Tensor,
  alpha: number,
  weighting?: Weighting,
): tf.Scalar => meanLoss(focalTerm(alpha), prediction, target, weighting)

/**
 * Mean binary cross-entropy −t log σ(l) − (1 − t) log(1 − σ(l)) in its stable form max(l, 0) − l t + log(1 + e^−|l|);
 * see `meanLoss`.
 * @param targets 0, 1 or between
 */
export const binaryCrossEntropy = (
  logits: tf.Tensor,
  targets: tf.Tensor,
  weighting?: Weighting,
): tf.Scalar => meanLoss(BINARY, logits, targets, weighting)

/**
 * Mean of an elementwise loss. With weights w, each for `share` elements: Σ w · term / share / (Σ w + ε).
 *
 * Gradient: dy · w · term′ / share / (Σ w + ε) in the prediction; target and weights are taken as constants.
 * @param prediction any shape
 * @param target of the same shape
 */
function meanLoss(
  term: LossTerm,
  prediction: tf.Tensor,
  target: tf.Tensor,
  weighting?: Weighting,
): tf.Scalar {
  if (target.shape.join() !== prediction.shape.join())
    throw new Error(
      `a target [${target.shape.join()}] is no answer to a prediction [${prediction.shape.join()}]`,
    )
  const share = weighting ? shareOf(prediction, weighting.weights) : 1
  const weights = weighting ? [weighting.weights] : []
  const weighted = weights.length > 0
  const sizes = weighted ? [uniformOf([share])] : []
  const name = `${term.name}${weighted ? ' weighted' : ''}`
  return differentiable<tf.Scalar>(
    [prediction],
    (save) => {
      const groups = Math.min(MAX_PARTIAL_GROUPS, groupsFor(prediction.size, LOSS_WORKGROUP))
      const partial = emptyTensor([groups * LOSS_WORKGROUP, 2])
      kernelNamed(`mean loss sums ${name}`, () => lossPartialCode(term, weighted)).dispatch(
        [prediction, target, partial, ...weights, ...sizes],
        groups,
      )
      // The partial sums count each weight `share` times.
      const { loss, scale } = meanOf(partial, (weighting?.epsilon ?? 0) * share)
      save([prediction, target, scale, ...weights])
      return loss
    },
    (dy, [input, answer, scale, ...saved]) => {
      const gradient = emptyTensor(prediction.shape)
      kernelNamed(`mean loss gradient ${name}`, () =>
        lossGradientCode(term, weighted),
      ).dispatchMany(
        [input!, answer!, scale!, dy, gradient, ...saved, ...sizes],
        groupsFor(prediction.size, LOSS_WORKGROUP),
      )
      return [gradient]
    },
  )
}

/**
 * The quotient of sums of pairs (term, weight) [pairs, 2], Σ term / (Σ weight + epsilon), and `scale` [1]: 1 / (Σ weight
 * + epsilon). One dispatch, not differentiable.
 */
export function meanOf(partial: tf.Tensor, epsilon: number): { loss: tf.Scalar; scale: tf.Tensor } {
  const loss = emptyTensor<tf.Rank.R0>([])
  const scale = emptyTensor([1])
  kernelNamed(`mean loss ${epsilon}`, () => lossFinalCode(epsilon)).dispatch(
    [partial, loss, scale],
    1,
  )
  return { loss, scale }
}

/** How many elements of the prediction each weight is for. */
function shareOf({ shape, size }: tf.Tensor, weights: tf.Tensor): number {
  const last = weights.shape.findLastIndex((side) => side !== 1)
  const leading = weights.shape.slice(0, last + 1)
  if (leading.some((side, axis) => side !== shape[axis]))
    throw new Error(
      `weights [${weights.shape.join()}] do not lie over the leading axes of [${shape.join()}]`,
    )
  return size / weights.size
}
