import * as tf from '@tensorflow/tfjs'
import { gatherTokens } from '../engine/ops/tokens.ts'

/*
 * What a transformer is shown of the cells of an image, when it is not shown all of them in their places. Cells are
 * numbered row by row; `first` is the row of the token of cell 0: 1 after a class token, 0 where there is none.
 */

/**
 * The place that the position table gives to the token of every cell, [cells], whole numbers in float32: a
 * permutation. `removed`: no place, neither by the table nor by a relative position bias.
 *
 * Our own design: a permutation leaves the relative position bias as it is, at the true cells. It shows how far a network
 * relies on the table; to permute both would be to shuffle the patches of the image, which is measured on its own.
 * The class token keeps its row in either case, since that says nothing of where patches lie.
 */
export type CellPositions = tf.Tensor1D | 'removed'

/** Row of the token of cell 0. */
export type FirstRow = 0 | 1

/** Rows of the class token, where there is one, and of some cells: [B, cells] to [B, first + cells]. */
const rowsOfEach = (cells: tf.Tensor2D, first: FirstRow): tf.Tensor2D =>
  first === 0 ? cells : tf.concat([tf.zeros<tf.Rank.R2>([cells.shape[0], 1]), cells.add(1)], 1)

/** The same for cells that are the same for all images: [cells] to [1, first + cells]. */
const rowsOf = (cells: tf.Tensor1D, first: FirstRow): tf.Tensor2D =>
  rowsOfEach(cells.expandDims<tf.Tensor2D>(0), first)

/** The same rows for each of `count` images. */
const forEach = (rows: tf.Tensor2D, count: number): tf.Tensor2D => rows.mul(tf.ones([count, 1]))

/** The position table [1, first + cells, D] with its rows in another order, or with zeros for all cells. */
export function rearrangePositions(
  table: tf.Tensor3D,
  positions: CellPositions,
  first: FirstRow,
): tf.Tensor3D {
  if (positions !== 'removed') return gatherTokens(table, rowsOf(positions, first))
  const [, tokens, width] = table.shape
  const places = tf.zeros<tf.Rank.R3>([1, tokens - first, width])
  return first === 0 ? places : tf.concat([table.slice([0, 0, 0], [1, 1, width]), places], 1)
}

/** The rows [B, first + k, D] of the position table [1, first + cells, D] for tokens that claim the cells [B, k]. */
export const claimedPositions = (
  table: tf.Tensor3D,
  claimed: tf.Tensor2D,
  first: FirstRow,
): tf.Tensor3D => gatherTokens(table, rowsOfEach(claimed, first))

/** The class token and the tokens of some cells: [B, first + cells, D] to [B, first + kept, D]. */
export const keepTokens = (tokens: tf.Tensor3D, kept: tf.Tensor1D, first: FirstRow): tf.Tensor3D =>
  gatherTokens(tokens, forEach(rowsOf(kept, first), tokens.shape[0]))

/** The bias between the class token and some cells: [heads, 1 + cells, 1 + cells] to [heads, 1 + kept, 1 + kept]. */
export function keepPairs(bias: tf.Tensor3D, kept: tf.Tensor1D): tf.Tensor3D {
  const rows = forEach(rowsOf(kept, 1), bias.shape[0])
  const queries = gatherTokens(bias, rows)
  return gatherTokens(queries.transpose([0, 2, 1]), rows).transpose([0, 2, 1])
}
