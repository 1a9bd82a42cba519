import * as tf from '@tensorflow/tfjs'
import { cosineStatistics } from '../../engine/ops/cosineStatistics.ts'
import { nearest } from '../../engine/ops/nearest.ts'
import { contrast, ownKeys } from '../contrastive.ts'

/** Of two views of every image, [images, size] each. */
export type Pair = readonly [tf.Tensor2D, tf.Tensor2D]

/** The host's loss, and what is watched besides. */
export interface MocoLoss {
  readonly loss: tf.Scalar
  readonly terms: Readonly<Record<'cosine' | 'accuracy' | 'keyDeviation', tf.Scalar>>
}

/**
 * The loss of MoCo-v3, ctr(q₁, k₂) + ctr(q₂, k₁) with `contrast` for ctr: each view's queries look for their images among
 * the other view's keys. Keys of the same view and other queries are no negatives, and there is no queue.
 * @param queries of the student
 * @param keys of the teacher, taken as constants
 * @param temperature a scalar
 */
export function mocoLoss([q1, q2]: Pair, [k1, k2]: Pair, temperature: tf.Tensor): MocoLoss {
  const ways = [
    { queries: q1, keys: k2, ...contrast(q1, k2, temperature) },
    { queries: q2, keys: k1, ...contrast(q2, k1, temperature) },
  ] as const
  const statistics = ways.map(({ queries, keys }) => cosineStatistics(queries, keys))
  const meanOf = (a: tf.Scalar, b: tf.Scalar): tf.Scalar => a.add(b).div(2)
  const [one, other] = statistics as [(typeof statistics)[0], (typeof statistics)[0]]
  return {
    loss: ways[0].loss.add(ways[1].loss),
    terms: {
      cosine: meanOf(one.cosine, other.cosine),
      accuracy: meanOf(found(ways[0]), found(ways[1])),
      keyDeviation: meanOf(one.deviation, other.deviation),
    },
  }
}

/** The share of queries whose own key is the nearest; without gradient. */
function found({
  queries,
  keys,
  logits,
}: {
  readonly queries: tf.Tensor2D
  readonly keys: tf.Tensor2D
  readonly logits: tf.Tensor2D
}): tf.Scalar {
  const best = nearest(logits, 1).indices.reshape([-1])
  return tf.equal(best, ownKeys(queries, keys)).toFloat().mean<tf.Scalar>()
}
