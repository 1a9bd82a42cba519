import type * as tf from '@tensorflow/tfjs'
import { cosineStatistics } from '../../engine/ops/cosineStatistics.ts'
import { cosineLoss, l2Normalise } from '../../engine/ops/normalise.ts'
import { stopGradient } from '../../engine/ops/stopGradient.ts'
import { contrast } from '../contrastive.ts'

/** The form of the loss (spec section 4). */
export type LossForm =
  | { readonly kind: 'byol' }
  /** The temperature is a scalar tensor. */
  | { readonly kind: 'infoNCE'; readonly temperature: tf.Tensor }

/**
 * The loss of a batch, mean over masks and images; in either form it points one way, from predictions to targets.
 *
 * - byol: |q̂ − t̂|² = 2 − 2 cos(q, t), from 0 to 4
 * - infoNCE: see `contrast`
 * @param predictions q [masks · images, size], mask-major
 * @param targets t [images, size], taken as constants
 */
export function extremaLoss(
  predictions: tf.Tensor2D,
  targets: tf.Tensor2D,
  form: LossForm,
): tf.Scalar {
  if (form.kind === 'byol') return cosineLoss(predictions, targets)
  return contrast(predictions, targets, form.temperature).loss
}

/** The cosine of every mask’s prediction with its image’s target, [masks, images]; without gradient. */
export function maskCosines(predictions: tf.Tensor2D, targets: tf.Tensor2D): tf.Tensor2D {
  const [images, size] = targets.shape
  const units = l2Normalise(stopGradient(predictions)).reshape<tf.Tensor3D>([-1, images, size])
  return units.mul(l2Normalise(targets)).sum<tf.Tensor2D>(2)
}

/** What is watched besides the loss, by metric key; see `cosineStatistics`. Without gradient. */
export function extremaMetrics(
  predictions: tf.Tensor2D,
  targets: tf.Tensor2D,
): Record<'cosine' | 'cosineSpread' | 'targetDeviation', tf.Scalar> {
  const { cosine, spread, deviation } = cosineStatistics(predictions, targets)
  return { cosine, cosineSpread: spread, targetDeviation: deviation }
}
