import type * as tf from '@tensorflow/tfjs'
import { Expression } from '../../engine/fuse/expression.ts'
import { fuse } from '../../engine/ops/fuse.ts'
import { focalAbsoluteError, meanAbsoluteError } from '../../engine/ops/meanLoss.ts'
import { frequencyLoss, type Focus } from './fourier.ts'

/** What stands in the visible area when the spectrum of the prediction is taken. */
export type Replacement = 'prediction' | 'target' | 'mixed' | 'mean'

/** The form of the loss (spec section 5). */
export interface LossForm {
  readonly spatial: 'l1' | 'focalL1'
  readonly spectra: 'perImage' | 'batchMean'
  readonly replacement: Replacement
  /** null = the plain form. */
  readonly focus: Focus | null
}

/** Added to the number of masked pixels, as in the official code. */
const MASK_EPSILON = 1e-5
/** alpha of the focal L1 loss. */
const FOCAL_ALPHA = 0.2

/** |d|, or focal L1: |d| (2 sigmoid(0.2 |d|) − 1) = |d| tanh(0.1 |d|). */
export const spatialDistance = (difference: tf.Tensor, kind: 'l1' | 'focalL1'): tf.Tensor =>
  fuse(`${kind} distance`, [difference], [], (d) =>
    kind === 'l1'
      ? d.abs()
      : d.abs().mul(
          d
            .abs()
            .mul(FOCAL_ALPHA / 2)
            .tanh(),
        ),
  )

/**
 * Spatial loss: mean of ell(p − x) over hidden pixels and channels: sum(ell · m) / (sum(m) + 1e-5) / 3.
 * @param pixelMask [B, S, S, 1], 1 = hidden
 */
export function spatialLoss(
  prediction: tf.Tensor4D,
  target: tf.Tensor4D,
  pixelMask: tf.Tensor4D,
  kind: 'l1' | 'focalL1',
): tf.Scalar {
  const weighting = { weights: pixelMask, epsilon: MASK_EPSILON }
  return kind === 'l1'
    ? meanAbsoluteError(prediction, target, weighting)
    : focalAbsoluteError(prediction, target, FOCAL_ALPHA, weighting)
}

/** What replaces the prediction in the visible area, from prediction, target and the target's mean colour. */
const REPLACEMENTS: Record<
  Replacement,
  (prediction: Expression, target: Expression, mean: Expression) => Expression
> = {
  prediction: (prediction) => prediction,
  target: (_, target) => target,
  mixed: (prediction, target) => prediction.add(target).mul(0.5),
  mean: (_, __, mean) => mean,
}

/**
 * What is to vanish in the spectrum: the prediction where pixels are hidden, its replacement where they are visible
 * (spec section 5.2), less the target. The replacement has no gradient.
 * @param visibleGradient scalar u: share of the prediction itself in the visible area, which keeps its gradient
 */
export function visibleResidual(
  prediction: tf.Tensor4D,
  target: tf.Tensor4D,
  pixelMask: tf.Tensor4D,
  visibleGradient: tf.Tensor,
  replacement: Replacement,
): tf.Tensor4D {
  const mean = replacement === 'mean' ? [target.mean([1, 2], true)] : []
  const constants = [prediction, target, pixelMask, visibleGradient, ...mean]
  return fuse('visible residual', [prediction], constants, (p, held, x, m, u, colour) => {
    const own = m.add(Expression.constant(1).sub(m).mul(u))
    const replaced = REPLACEMENTS[replacement](held, x, colour)
    return p
      .mul(own)
      .add(replaced.mul(Expression.constant(1).sub(own)))
      .sub(x)
  })
}

/**
 * Both terms of the A²MIM loss.
 * @param prediction [B, S, S, 3]
 * @param target the unmasked normalised images
 * @param pixelMask [B, S, S, 1], 1 = hidden
 * @param visibleGradient scalar u: see `visibleResidual`
 */
export function a2mimLoss(
  prediction: tf.Tensor4D,
  target: tf.Tensor4D,
  pixelMask: tf.Tensor4D,
  visibleGradient: tf.Tensor,
  form: LossForm,
): { spatial: tf.Scalar; frequency: tf.Scalar } {
  const { replacement } = form
  const residual = visibleResidual(prediction, target, pixelMask, visibleGradient, replacement)
  return {
    spatial: spatialLoss(prediction, target, pixelMask, form.spatial),
    frequency: frequencyLoss(residual, form, (distance) => spatialDistance(distance, form.spatial)),
  }
}
