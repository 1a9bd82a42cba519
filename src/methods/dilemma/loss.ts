import * as tf from '@tensorflow/tfjs'
import { detectionStatistics } from '../../engine/ops/detectionStatistics.ts'
import { computeFused, fuse } from '../../engine/ops/fuse.ts'
import { binaryCrossEntropy } from '../../engine/ops/meanLoss.ts'
import type { LossResult } from '../method.ts'
import { tableSums } from './tableSums.ts'

/** What the detector makes of the tokens of one view, [B, k] each. */
export interface DetectedView {
  readonly logits: tf.Tensor2D
  /** 1 where the claim is false. */
  readonly labels: tf.Tensor2D
  /** The token's cell, and the one that it claims. */
  readonly real: tf.Tensor2D
  readonly claimed: tf.Tensor2D
}

/** The part of the detection in a host's result, which adds `loss` to its own and spreads `terms` and `tables`. */
export type DetectionResult = Required<Pick<LossResult, 'loss' | 'terms' | 'tables'>>

/**
 * Detection of wrong claims (spec section 3): λ times the mean over the views of the mean binary cross-entropy of their
 * tokens. Positives count no more than others, though they are only a share of p.
 * @param weight λ, a scalar
 * @param grid patches a side
 */
export function detection(
  views: readonly DetectedView[],
  weight: tf.Tensor,
  grid: number,
): DetectionResult {
  const entropies = views.map(({ logits, labels }) => binaryCrossEntropy(logits, labels))
  const bce = meanOf(entropies)
  const tokens = flatten(views)
  const { auroc, balancedAccuracy, positives } = detectionStatistics(tokens.logits, tokens.labels)
  return {
    loss: fuse('weigh detection', [bce], [weight], (entropy, lambda) => entropy.mul(lambda)),
    terms: { bce, auroc, balancedAccuracy, wrongClaims: shareOf(positives, tokens.labels.size) },
    tables: tableSums(tokens, grid),
  }
}

const meanOf = (values: readonly tf.Scalar[]): tf.Scalar => {
  const [first, ...others] = values
  if (others.length === 0) return first!
  return fuse('mean over views', [first!, ...others], [], (...terms) =>
    terms.reduce((sum, term) => sum.add(term)).mul(1 / terms.length),
  )
}

const shareOf = (count: tf.Scalar, of: number): tf.Scalar =>
  computeFused(
    'share of wrong claims',
    [],
    [(positives) => positives.mul(1 / of)],
    [count],
  )[0] as tf.Scalar

/** The tokens of all views in one row, [n] each. */
function flatten(views: readonly DetectedView[]): Record<keyof DetectedView, tf.Tensor1D> {
  const row = (key: keyof DetectedView): tf.Tensor1D =>
    tf.concat(views.map((view) => view[key].as1D()))
  return {
    logits: row('logits'),
    labels: row('labels'),
    real: row('real'),
    claimed: row('claimed'),
  }
}
