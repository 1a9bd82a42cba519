import * as tf from '@tensorflow/tfjs'
import { stopGradient } from '../../engine/ops/stopGradient.ts'
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
export function spatialDistance(difference: tf.Tensor, kind: 'l1' | 'focalL1'): tf.Tensor {
  const size = difference.abs()
  return kind === 'l1' ? size : size.mul(size.mul(FOCAL_ALPHA / 2).tanh())
}

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
  const distance = spatialDistance(prediction.sub(target), kind)
  return distance
    .mul(pixelMask)
    .sum()
    .div(pixelMask.sum().add(MASK_EPSILON))
    .div(tf.scalar(target.shape[3]))
}

/** What replaces the prediction in the visible area, without gradient (spec section 5.2). */
function replacementFor(
  kind: Replacement,
  prediction: tf.Tensor4D,
  target: tf.Tensor4D,
): tf.Tensor4D {
  switch (kind) {
    case 'target':
      return target
    case 'mean':
      return target.mean<tf.Tensor4D>([1, 2], true)
    case 'prediction':
      return stopGradient(prediction)
    case 'mixed':
      return stopGradient(prediction).add<tf.Tensor4D>(target).mul(0.5)
  }
}

/**
 * The image whose spectrum is compared with the target's: the prediction where pixels are hidden, its replacement
 * where they are visible.
 * @param visibleGradient scalar u: share of the prediction itself in the visible area, which keeps its gradient
 */
export function mixVisible(
  prediction: tf.Tensor4D,
  target: tf.Tensor4D,
  pixelMask: tf.Tensor4D,
  visibleGradient: tf.Tensor,
  replacement: Replacement,
): tf.Tensor4D {
  const own = pixelMask.add(tf.scalar(1).sub(pixelMask).mul(visibleGradient))
  const replaced = replacementFor(replacement, prediction, target)
  return prediction.mul(own).add(replaced.mul(tf.scalar(1).sub(own)))
}

/**
 * Both terms of the A²MIM loss.
 * @param prediction [B, S, S, 3]
 * @param target the unmasked normalised images
 * @param pixelMask [B, S, S, 1], 1 = hidden
 * @param visibleGradient scalar u: see `mixVisible`
 */
export function a2mimLoss(
  prediction: tf.Tensor4D,
  target: tf.Tensor4D,
  pixelMask: tf.Tensor4D,
  visibleGradient: tf.Tensor,
  form: LossForm,
): { spatial: tf.Scalar; frequency: tf.Scalar } {
  const mixed = mixVisible(prediction, target, pixelMask, visibleGradient, form.replacement)
  return {
    spatial: spatialLoss(prediction, target, pixelMask, form.spatial),
    frequency: frequencyLoss(mixed.sub(target), form, (distance) =>
      spatialDistance(distance, form.spatial),
    ),
  }
}
