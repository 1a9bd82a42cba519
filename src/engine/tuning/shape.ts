import type { Layout } from '../kernels/matmul/operands.ts'

/** A product [rows, depth] × [depth, columns] whose inner axis is summed in pieces of `chunk`. */
export interface ProductShape {
  readonly layout: Layout
  readonly rows: number
  readonly columns: number
  readonly depth: number
  readonly chunk: number
}

/** Multiplications of a product. */
export const workOf = ({ rows, columns, depth }: ProductShape): number => rows * columns * depth

/** The nearest power of two. */
const near = (size: number): number => 2 ** Math.round(Math.log2(size))

/** The name of a class of shapes for which the same variant is best: layout and rounded sizes. */
export const classOf = ({ layout, rows, columns, depth }: ProductShape): string =>
  `${layout} ${near(rows)}x${near(columns)}x${near(depth)}`
