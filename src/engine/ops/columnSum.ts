import * as tf from '@tensorflow/tfjs'
import { groupsFor, kernelNamed } from '../kernel.ts'
import { COLUMNS, columnSumCode } from '../kernels/columnSum.ts'
import { emptyTensor } from '../tensors.ts'

/** Rows that one thread adds at least before the work is split into two stages. */
const MIN_BLOCK = 32

/** Rows to a block such that both stages of a sum over `rows` are about equally long. */
export const blockOf = (rows: number): number => Math.max(MIN_BLOCK, Math.ceil(Math.sqrt(rows)))

/** Sum over the rows of a matrix [rows, width], in at most two dispatches: [width]. Not differentiable. */
export const columnSum = (matrix: tf.Tensor): tf.Tensor1D => tf.tidy(() => sumRows(matrix))

function sumRows(matrix: tf.Tensor): tf.Tensor1D {
  const [rows] = matrix.shape as [number, number]
  const block = blockOf(rows)
  if (rows <= 2 * block) return sumBlocks(matrix, rows).as1D()
  const partial = sumBlocks(matrix, block)
  return sumBlocks(partial, partial.shape[0]).as1D()
}

function sumBlocks(matrix: tf.Tensor, block: number): tf.Tensor2D {
  const [rows, width] = matrix.shape as [number, number]
  const blocks = groupsFor(rows, block)
  const sums = emptyTensor<tf.Rank.R2>([blocks, width])
  kernelNamed(`column sum ${width} ${block}`, () => columnSumCode(width, block)).dispatch(
    [matrix, sums],
    groupsFor(width, COLUMNS),
    blocks,
  )
  return sums
}
