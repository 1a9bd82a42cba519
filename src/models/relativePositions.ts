import * as tf from '@tensorflow/tfjs'
import { timesConstant } from './broadcast.ts'
import { offsetsOf } from './relativeTable.ts'

/**
 * For every pair of positions in a line of `grid` (query outer) a 1 at their offset query − key + grid − 1:
 * [grid², 2·grid − 1].
 */
function offsetOneHot(grid: number): tf.Tensor2D {
  const offsets = offsetsOf(grid)
  const values = new Float32Array(grid * grid * offsets)
  for (let query = 0; query < grid; query++)
    for (let key = 0; key < grid; key++)
      values[(query * grid + key) * offsets + query - key + grid - 1] = 1
  return tf.tensor2d(values, [grid * grid, offsets])
}

/**
 * The additive attention bias [heads, N, N] (query × key) of the class token and grid² patches, N = 1 + grid².
 * The table is that of BEiT: row offset × column offset (query − key, the smallest first), then class → patch,
 * patch → class and class → class. Its entries are looked up by one-hot products, first along columns, then along
 * rows: exact, small, and with a gradient that adds in a fixed order, which tfjs' gather has not.
 * @param table [(2·grid − 1)² + 3, heads]
 */
export function relativeBias(table: tf.Tensor2D, grid: number): tf.Tensor3D {
  const heads = table.shape[1]
  const patches = grid * grid
  const offsets = offsetsOf(grid)
  const lookup = offsetOneHot(grid)
  const byOffset = table.slice([0, 0], [offsets * offsets, heads]).transpose()
  const byColumns = timesConstant(byOffset.reshape([heads * offsets, offsets]), lookup)
    .reshape([heads, offsets, patches])
    .transpose([0, 2, 1])
    .reshape<tf.Tensor2D>([heads * patches, offsets])
  // [heads, (query column, key column), (query row, key row)] before the transposition.
  const between = timesConstant(byColumns, lookup)
    .reshape([heads, grid, grid, grid, grid])
    .transpose([0, 3, 1, 4, 2])
    .reshape([heads, patches, patches])
  const ofClass = (entry: number): tf.Tensor =>
    table.slice([offsets * offsets + entry, 0], [1, heads]).reshape([heads, 1, 1])
  // Spread by products: the gradient of tfjs' tile takes an addition for every copy.
  const fromClass = ofClass(0).mul(tf.ones([1, 1, patches]))
  const toClass = ofClass(1).mul(tf.ones([1, patches, 1]))
  const first = tf.concat([ofClass(2), fromClass], 2)
  return tf.concat([first, tf.concat([toClass, between], 2)], 1) as tf.Tensor3D
}
