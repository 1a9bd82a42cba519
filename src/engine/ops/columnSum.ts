import * as tf from '@tensorflow/tfjs'
import { groupsFor, kernelNamed, uniformOf } from '../kernel.ts'
import { COLUMN_SUM_CODE, COLUMNS } from '../kernels/columnSum.ts'
import { emptyTensor } from '../tensors.ts'

/** Rows below which one stage is quick enough. */
const ONE_STAGE = 64

/** Into how many blocks a sum over `rows` is cut, such that the two stages that follow are about equally long. */
export const blocksOf = (rows: number): number =>
  rows <= ONE_STAGE ? 1 : Math.ceil(Math.sqrt(rows))

/** Sum over the rows of a matrix [rows, width], in at most two dispatches: [width]. Not differentiable. */
export function columnSum(matrix: tf.Tensor2D): tf.Tensor1D {
  return tf.tidy(() => {
    const blocks = blocksOf(matrix.shape[0])
    const sums = sumBlocks(matrix, blocks)
    return (blocks === 1 ? sums : sumBlocks(sums, 1)).as1D()
  })
}

function sumBlocks(matrix: tf.Tensor2D, blocks: number): tf.Tensor2D {
  const [, width] = matrix.shape
  const sums = emptyTensor<tf.Rank.R2>([blocks, width])
  kernelNamed('column sum', () => COLUMN_SUM_CODE).dispatch(
    [uniformOf([width]), matrix, sums],
    groupsFor(width, COLUMNS),
    blocks,
  )
  return sums
}
