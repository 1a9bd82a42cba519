import type * as tf from '@tensorflow/tfjs'
import { standardise } from '../engine/ops/standardise.ts'
import { patchify } from '../models/patches.ts'

/** What is to be predicted of a patch: its pixels, or these with mean 0 and deviation 1, as in MAE. */
export interface TargetForm {
  readonly target: 'normalised' | 'raw'
}

/** Added to the variance of a patch, as in MAE. */
export const TARGET_EPSILON = 1e-6

/**
 * What is to be predicted: patches [B, N, 3·P·P], flattened as (channel, row, column); normalised ones with the unbiased
 * variance. Without gradient.
 * @param images [B, S, S, 3]
 */
export function patchTargets(
  images: tf.Tensor4D,
  patchSize: number,
  form: TargetForm,
): tf.Tensor3D {
  const patches = patchify(images, patchSize)
  return form.target === 'raw' ? patches : standardise(patches, TARGET_EPSILON)
}
