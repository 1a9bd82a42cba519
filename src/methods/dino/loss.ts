import * as tf from '@tensorflow/tfjs'
import { fuse } from '../../engine/ops/fuse.ts'
import { softmaxCrossEntropy } from '../../engine/ops/softmaxCrossEntropy.ts'

/** Views that the teacher gives targets for: the first two of the student's. */
export const GLOBAL_VIEWS = 2

/**
 * The loss of a batch: mean over the pairs of a teacher's view i and a student's view v ≠ i of −Σ P_i log softmax(g_v / T),
 * which is itself a mean over the images; 2 · (views − 1) pairs (spec section 6.1).
 *
 * The cross-entropy is linear in its target, so a student's view is compared once with the sum of what the teacher says of
 * the other views.
 * @param logits g [views · images, K], view after view, the two global ones first
 * @param targets P [2 · images, K] of the teacher's global views, taken as constants
 * @param temperature T, a scalar
 */
export function dinoLoss(
  logits: tf.Tensor2D,
  targets: tf.Tensor2D,
  temperature: tf.Tensor,
): tf.Scalar {
  const views = viewsOf(logits, targets)
  const cooled = fuse('divide by temperature', [logits], [temperature], (logit, t) => logit.div(t))
  const sums = softmaxCrossEntropy(cooled, sumsOfOthers(targets, views))
  // From a mean over the views to one over the pairs.
  return views === GLOBAL_VIEWS ? sums : sums.mul(views / pairsOf(views))
}

/** Pairs of a teacher's and another student's view. */
export const pairsOf = (views: number): number => GLOBAL_VIEWS * (views - 1)

function viewsOf(logits: tf.Tensor2D, targets: tf.Tensor2D): number {
  const views = (GLOBAL_VIEWS * logits.shape[0]) / targets.shape[0]
  if (!Number.isInteger(views) || views < GLOBAL_VIEWS || logits.shape[1] !== targets.shape[1])
    throw new Error(`targets [${targets.shape.join()}] do not fit logits [${logits.shape.join()}]`)
  return views
}

/** For every view of the student what the teacher says of the other global views, added up: [views · images, K]. */
function sumsOfOthers(targets: tf.Tensor2D, views: number): tf.Tensor2D {
  const [first, second] = tf.split(targets, GLOBAL_VIEWS) as [tf.Tensor2D, tf.Tensor2D]
  const others = tf.concat([second, first])
  const locals = views - GLOBAL_VIEWS
  return locals === 0
    ? others
    : tf.concat([others, first.add<tf.Tensor2D>(second).tile([locals, 1])])
}
