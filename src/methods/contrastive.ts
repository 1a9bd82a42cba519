import * as tf from '@tensorflow/tfjs'
import { fuse } from '../engine/ops/fuse.ts'
import { l2Normalise } from '../engine/ops/normalise.ts'
import { softmaxCrossEntropy } from '../engine/ops/softmaxCrossEntropy.ts'
import { timesConstant } from '../models/broadcast.ts'

/** What a contrastive loss says, and what it is taken of. */
export interface Contrast {
  readonly loss: tf.Scalar
  /** Cosines over the temperature, [queries, keys]. */
  readonly logits: tf.Tensor2D
}

/**
 * InfoNCE as MoCo-v3 and ExtreMA scale it: 2 T × cross-entropy of q̂ · k̂ᵀ / T, mean over the queries, with an image's own
 * key as the right answer among those of the batch.
 * @param queries [rows, size], where row r belongs to key r mod `images`
 * @param keys [images, size], taken as constants
 * @param temperature a scalar
 */
export function contrast(
  queries: tf.Tensor2D,
  keys: tf.Tensor2D,
  temperature: tf.Tensor,
): Contrast {
  const cosines = timesConstant(l2Normalise(queries), l2Normalise(keys))
  const logits = fuse('divide by temperature', [cosines], [temperature], (cosine, t) =>
    cosine.div(t),
  )
  const entropy = softmaxCrossEntropy(logits, ownKeys(queries, keys))
  const loss = fuse('scale by temperature', [entropy], [temperature], (mean, t) =>
    mean.mul(t).mul(2),
  )
  return { loss, logits }
}

/** The key that belongs to every query, [rows], whole numbers in float32. */
export const ownKeys = (
  { shape: [rows] }: tf.Tensor2D,
  { shape: [images] }: tf.Tensor2D,
): tf.Tensor1D => tf.tensor1d(Float32Array.from({ length: rows }, (_, row) => row % images))
