import * as tf from '@tensorflow/tfjs'
import { cosineStatistics } from '../../engine/ops/cosineStatistics.ts'
import { fuse } from '../../engine/ops/fuse.ts'
import { gram } from '../../engine/ops/gram.ts'
import { nearest } from '../../engine/ops/nearest.ts'
import { l2Normalise } from '../../engine/ops/normalise.ts'
import { softmaxCrossEntropy } from '../../engine/ops/softmaxCrossEntropy.ts'

/** What takes a row’s own cosine out of its softmax: so low that its share is 0 in float32, whatever the others are. */
const OUT = -1e9

/** Whole numbers from 0, in float32. */
const numbers = (count: number): Float32Array => Float32Array.from({ length: count }, (_, i) => i)

/**
 * Cosines over the temperature, each row’s own left out: neither its value nor its gradient has any effect.
 * @param cosines [rows, rows]
 * @param temperature a scalar
 */
export function logitsAmong(cosines: tf.Tensor2D, temperature: tf.Tensor): tf.Tensor2D {
  const [rows] = cosines.shape
  const row = tf.tensor2d(numbers(rows), [rows, 1])
  const column = tf.tensor2d(numbers(rows), [1, rows])
  return fuse('cosines with others', [cosines], [temperature, row, column], (cosine, t, i, j) => {
    const isOwn = i.sub(j).abs().neg().step()
    return cosine.div(t).mul(isOwn.neg().add(1)).add(isOwn.mul(OUT))
  })
}

/** The row that belongs to every row: the same image in the other view, [2 · images]. */
const partners = (rows: number): tf.Tensor1D =>
  tf.tensor1d(numbers(rows).map((row) => (row + rows / 2) % rows))

/** The host's loss, and what is watched besides. */
export interface SimclrLoss {
  readonly loss: tf.Scalar
  readonly terms: Readonly<Record<'cosine' | 'accuracy' | 'deviation', tf.Scalar>>
}

/**
 * NT-Xent (spec section 7.1): cross-entropy of every row’s other view among all rows but itself, by cosines over the
 * temperature; the mean over all 2 N rows. The official code adds the means of the two views, which is twice as much.
 * @param projections [2 · images, size], those of view 2 after those of view 1
 * @param temperature a scalar
 */
export function ntXent(projections: tf.Tensor2D, temperature: tf.Tensor): SimclrLoss {
  const [rows] = projections.shape
  const logits = logitsAmong(gram(l2Normalise(projections)), temperature)
  const wanted = partners(rows)
  const [first, second] = tf.split(projections, 2) as [tf.Tensor2D, tf.Tensor2D]
  const { cosine, deviation } = cosineStatistics(first, second)
  const found = nearest(logits, 1).indices.reshape([rows])
  return {
    loss: softmaxCrossEntropy(logits, wanted),
    terms: {
      cosine,
      accuracy: tf.equal(found, wanted).toFloat().mean<tf.Scalar>(),
      deviation,
    },
  }
}
