import type * as tf from '@tensorflow/tfjs'
import type { Expression } from '../../engine/fuse/expression.ts'
import { computeFused } from '../../engine/ops/fuse.ts'

/**
 * How far claims lie from the true cells: Euclidean, in tokens; 0 in place. Without gradient.
 * @param real cells, whole numbers in float32, any shape
 * @param claimed likewise
 */
export const displacements = <T extends tf.Tensor>(real: T, claimed: T, grid: number): T =>
  computeFused(
    `displacements on ${grid}`,
    real.shape,
    [
      (from, to) => {
        const rows = rowOf(to, grid).sub(rowOf(from, grid))
        const columns = to.sub(from).sub(rows.mul(grid))
        return rows.square().add(columns.square()).sqrt()
      },
    ],
    [real, claimed],
  )[0] as T

/** The row of a cell. Half a cell more, so that no rounding of the quotient reaches the next row. */
const rowOf = (cell: Expression, grid: number): Expression =>
  cell
    .add(0.5)
    .mul(1 / grid)
    .floor()
