import type * as tf from '@tensorflow/tfjs'
import { groupsFor, kernelNamed, uniformOf } from '../kernel.ts'
import {
  MATMUL_WORKGROUP,
  matmulCode,
  TILE_COLUMNS,
  TILE_ROWS,
  type Layout,
} from '../kernels/matmul.ts'
import { emptyTensor } from '../tensors.ts'
import { columnSum } from './columnSum.ts'

/** Threads that a weight gradient should keep busy; where its result has fewer tiles, the inner axis is cut up. */
const WANTED_THREADS = 16384
/** Inner indices that a thread sums at least. */
const MIN_CHUNK = 64

interface Sizes {
  readonly rows: number
  readonly columns: number
  readonly depth: number
  /** Inner indices to each partial result. */
  readonly chunk: number
}

/** Partial results [chunks, rows, columns]. */
function product(layout: Layout, inputs: readonly tf.Tensor[], sizes: Sizes): tf.Tensor3D {
  const { rows, columns, depth, chunk } = sizes
  const chunks = groupsFor(depth, chunk)
  const result = emptyTensor<tf.Rank.R3>([chunks, rows, columns])
  // What must come in fours are the widths of the stored matrices.
  const aligned = (layout === 'TN' ? rows : depth) % 4 === 0 && columns % 4 === 0
  const bias = inputs.length === 3
  const name = `matmul ${layout}${bias ? ' bias' : ''}${aligned ? ' aligned' : ''}`
  kernelNamed(name, () => matmulCode({ layout, bias, aligned })).dispatch(
    [uniformOf([rows, columns, depth, chunk]), ...inputs.slice(0, 2), result, ...inputs.slice(2)],
    groupsFor(columns, TILE_COLUMNS * MATMUL_WORKGROUP),
    groupsFor(rows, TILE_ROWS * MATMUL_WORKGROUP),
    chunks,
  )
  return result
}

/** a · bᵀ (+ bias to every row), for a [rows, depth] and b [columns, depth]. Not differentiable. */
export function timesTransposed(
  a: tf.Tensor2D,
  b: tf.Tensor2D,
  bias: tf.Tensor | null,
): tf.Tensor2D {
  const [rows, depth] = a.shape
  const [columns] = b.shape
  const inputs = bias === null ? [a, b] : [a, b, bias]
  return product('NT', inputs, { rows, columns, depth, chunk: depth }).as2D(rows, columns)
}

/** a · b, for a [rows, depth] and b [depth, columns]. Not differentiable. */
export function times(a: tf.Tensor2D, b: tf.Tensor2D): tf.Tensor2D {
  const [rows, depth] = a.shape
  const [, columns] = b.shape
  return product('NN', [a, b], { rows, columns, depth, chunk: depth }).as2D(rows, columns)
}

/** aᵀ · b, for a [depth, rows] and b [depth, columns] with a long inner axis. Not differentiable. */
export function transposedTimes(a: tf.Tensor2D, b: tf.Tensor2D): tf.Tensor2D {
  const [depth, rows] = a.shape
  const [, columns] = b.shape
  const tiles = groupsFor(rows, TILE_ROWS) * groupsFor(columns, TILE_COLUMNS)
  const wanted = Math.min(groupsFor(WANTED_THREADS, tiles), groupsFor(depth, MIN_CHUNK))
  const partial = product('TN', [a, b], { rows, columns, depth, chunk: groupsFor(depth, wanted) })
  const [chunks] = partial.shape
  const sum = chunks === 1 ? partial : columnSum(partial.as2D(chunks, rows * columns))
  return sum.as2D(rows, columns)
}
