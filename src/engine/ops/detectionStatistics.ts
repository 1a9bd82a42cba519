import type * as tf from '@tensorflow/tfjs'
import { groupsFor, kernelNamed } from '../kernel.ts'
import {
  DETECTION_TOTALS_CODE,
  PAIR_WINS_CODE,
  PAIRS_WORKGROUP,
} from '../kernels/detectionStatistics.ts'
import { emptyTensor } from '../tensors.ts'

/** Scalars that tell how well values part ones from zeros (see `detectionStatistics`). */
export interface DetectionStatistics {
  /**
   * Area under the ROC curve: the share of all pairs of a one and a zero in which the one has the larger value, where an
   * equal value counts half.
   */
  readonly auroc: tf.Scalar
  /** Mean of the shares of ones with a value above 0 and of zeros with one of at most 0. */
  readonly balancedAccuracy: tf.Scalar
  /** Number of ones. */
  readonly positives: tf.Scalar
}

/**
 * How well logits part ones from zeros, over all pairs of them, counted in whole numbers: two dispatches in a fixed order,
 * not differentiable. Where there are no ones, or only ones, `auroc` and `balancedAccuracy` are 0.5.
 * @param logits of any shape
 * @param labels 0 or 1, float32, as many as there are logits
 */
export function detectionStatistics(logits: tf.Tensor, labels: tf.Tensor): DetectionStatistics {
  if (labels.size !== logits.size)
    throw new Error(`labels [${labels.shape.join()}] do not fit logits [${logits.shape.join()}]`)
  const wins = emptyTensor([logits.size])
  kernelNamed('detection pairs', () => PAIR_WINS_CODE).dispatchMany(
    [logits, labels, wins],
    groupsFor(logits.size, PAIRS_WORKGROUP),
  )
  const results = [0, 1, 2].map(() => emptyTensor<tf.Rank.R0>([]))
  kernelNamed('detection statistics', () => DETECTION_TOTALS_CODE).dispatch(
    [logits, labels, wins, ...results],
    1,
  )
  wins.dispose()
  const [auroc, balancedAccuracy, positives] = results
  return { auroc: auroc!, balancedAccuracy: balancedAccuracy!, positives: positives! }
}
