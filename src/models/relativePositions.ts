import * as tf from '@tensorflow/tfjs'

/** Entries of the bias table of a grid: every offset between two patches, and three for the class token. */
export const relativeTableSize = (grid: number): number => (2 * grid - 1) ** 2 + 3

/**
 * Index into the bias table for every (query, key) pair of the class token and grid² patches, as in BEiT: offsets row
 * by row, then class → patch, patch → class, class → class.
 */
export function relativeIndex(grid: number): Int32Array {
  const tokens = grid * grid + 1
  const span = 2 * grid - 1
  const size = relativeTableSize(grid)
  const index = new Int32Array(tokens * tokens)
  for (let query = 0; query < tokens; query++)
    for (let key = 0; key < tokens; key++) {
      let entry: number
      if (query === 0) entry = key === 0 ? size - 1 : size - 3
      else if (key === 0) entry = size - 2
      else {
        const [q, k] = [query - 1, key - 1]
        const rows = Math.floor(q / grid) - Math.floor(k / grid) + grid - 1
        const columns = (q % grid) - (k % grid) + grid - 1
        entry = rows * span + columns
      }
      index[query * tokens + key] = entry
    }
  return index
}

/**
 * The additive attention bias [heads, N, N] from a table [entries, heads]. Gathers by a one-hot product, because the
 * gradient of tfjs' gather adds floats in no fixed order.
 * @param oneHot [N·N, entries], from `relativeOneHot`
 */
export function relativeBias(table: tf.Tensor2D, oneHot: tf.Tensor2D): tf.Tensor3D {
  const tokens = Math.sqrt(oneHot.shape[0])
  const heads = table.shape[1]
  return tf.matMul(table, oneHot, true, true).reshape([heads, tokens, tokens])
}

/** The constant one-hot matrix of `relativeIndex`, [N·N, entries]. */
export function relativeOneHot(grid: number): tf.Tensor2D {
  return tf.oneHot(
    tf.tensor1d(relativeIndex(grid), 'int32'),
    relativeTableSize(grid),
  ) as tf.Tensor2D
}
