import type * as tf from '@tensorflow/tfjs'
import { centredSoftmax } from '../../engine/ops/centredSoftmax.ts'
import { columnSum } from '../../engine/ops/columnSum.ts'
import { computeFused } from '../../engine/ops/fuse.ts'

/** The teacher's products with the prototypes, and what they are sharpened and centred by. */
export interface TeacherLogits {
  /** [2 · images, K]. */
  readonly logits: tf.Tensor2D
  /** c, [1, K]. */
  readonly centre: tf.Tensor2D
  /** A scalar. */
  readonly temperature: tf.Tensor
}

/** What the student is to say: softmax((logits − c) / temperature), [2 · images, K]. Without gradient. */
export const teacherTargets = ({ logits, centre, temperature }: TeacherLogits): tf.Tensor2D =>
  centredSoftmax(logits, centre, temperature as tf.Scalar)

/**
 * The centre of the next step, [1, K]: m · c + (1 − m) · the mean of all rows of the logits.
 * @param momentum m, a scalar
 */
export function nextCentre(
  logits: tf.Tensor2D,
  centre: tf.Tensor2D,
  momentum: tf.Tensor,
): tf.Tensor2D {
  const share = 1 / logits.shape[0]
  const [next] = computeFused(
    'next centre',
    centre.shape,
    [
      (c, sum, m) => {
        const mean = sum.mul(share)
        return c.sub(mean).mul(m).add(mean)
      },
    ],
    [centre, columnSum(logits).reshape(centre.shape), momentum],
  )
  return next as tf.Tensor2D
}

/** Probabilities below which p · ln p is nothing. */
const SMALLEST = 1e-30

/** −p ln p of every entry. */
const surprise = (name: string, p: tf.Tensor): tf.Tensor =>
  computeFused(name, p.shape, [(share) => share.mul(share.max(SMALLEST).log()).neg()], [p])[0]!

/** What a batch of targets says of the teacher, without gradient; see `statisticsOf`. */
export interface TeacherStatistics {
  /** Mean entropy of the targets, from 0 (one prototype each) to ln K (all alike). */
  readonly entropy: tf.Scalar
  /** exp of the entropy of the mean target: how many prototypes are used about equally, from 1 to K. */
  readonly inUse: tf.Scalar
  /** The mean target: the share of every prototype, [1, K]. */
  readonly shares: tf.Tensor2D
}

/** What the targets [rows, K] say of the teacher. */
export function statisticsOf(targets: tf.Tensor2D): TeacherStatistics {
  const [rows, prototypes] = targets.shape
  const shares = columnSum(targets).div(rows)
  const entropies = columnSum(surprise('entropy of targets', targets) as tf.Tensor2D)
  return {
    entropy: entropies.sum<tf.Scalar>().div(rows),
    inUse: surprise('entropy of the mean target', shares).sum<tf.Scalar>().exp(),
    shares: shares.reshape([1, prototypes]),
  }
}
