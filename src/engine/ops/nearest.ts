import type * as tf from '@tensorflow/tfjs'
import { groupsFor, kernelNamed, uniformOf } from '../kernel.ts'
import { NEAREST_ALONE, NEAREST_ALONE_CODE, NEAREST_TEAM_CODE } from '../kernels/nearest.ts'
import { emptyTensor } from '../tensors.ts'
import { ownVariant, type Variant } from '../variant.ts'

/** The largest entries of rows, [rows, k] each. */
export interface Nearest {
  readonly values: tf.Tensor2D
  /** Their columns, as floats: exact up to 2²⁴. */
  readonly indices: tf.Tensor2D
}

/**
 * The k largest entries of every row, largest first, equal ones by their columns; entries that are not numbers come last.
 * Not differentiable.
 * @param similarities [rows, columns]
 * @param count only the first so many columns are looked at
 * @throws Error when there are fewer candidates than k
 */
export function nearest(
  similarities: tf.Tensor2D,
  k: number,
  count = similarities.shape[1],
  variant: Variant = ownVariant(),
): Nearest {
  const [rows, columns] = similarities.shape
  if (k < 1 || k > count || count > columns)
    throw new Error(`there are no ${k} nearest among ${count} of ${columns} columns`)
  const values = emptyTensor<tf.Rank.R2>([rows, k])
  const indices = emptyTensor<tf.Rank.R2>([rows, k])
  const bindings = [uniformOf([rows, columns, count, k]), similarities, values, indices]
  if (variant === 'alone')
    kernelNamed('nearest alone', () => NEAREST_ALONE_CODE).dispatchMany(
      bindings,
      groupsFor(rows, NEAREST_ALONE),
    )
  else kernelNamed('nearest', () => NEAREST_TEAM_CODE).dispatchMany(bindings, rows)
  return { values, indices }
}
