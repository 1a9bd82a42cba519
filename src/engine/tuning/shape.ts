import {
  elementsOf,
  GATHER_SIZES,
  gatherName,
  type Gather,
  type GatherSizes,
} from '../kernels/matmul/gather.ts'
import type { Layout } from '../kernels/matmul/operands.ts'
import { blockColumns, blockRows, type Variant } from '../kernels/matmul/variants.ts'

/** A product [rows, depth] × [depth, columns] whose inner axis is summed in pieces of `chunk`. */
export interface ProductShape {
  readonly layout: Layout
  readonly rows: number
  readonly columns: number
  /** Inner indices; those of one element of the filters where rows of a are gathered from maps. */
  readonly depth: number
  readonly chunk: number
  /** Where an operand is gathered from images: how, and from which. */
  readonly gathered?: {
    readonly gather: Gather
    readonly sizes: GatherSizes
    readonly images: number
  }
}

/** Multiplications of a product, those with zeros around images included. */
export function workOf({ rows, columns, depth, gathered }: ProductShape): number {
  const work = rows * columns * depth
  return gathered === undefined ? work : work * elementsOf(gathered.gather)
}

/** The nearest power of two. */
const near = (size: number): number => 2 ** Math.round(Math.log2(size))

/** The name of a class of shapes for which the same variant is best: what is read how, and rounded sizes. */
export const classOf = ({ layout, rows, columns, depth, gathered }: ProductShape): string =>
  `${layout}${gathered === undefined ? '' : ` ${gatherName(gathered.gather)}`} ${near(rows)}x${near(columns)}x${near(depth)}`

/** The sizes that a product kernel is given; `repeat` is the number of rows of its residual. */
export const sizesOf = (
  { rows, columns, depth, chunk, gathered }: ProductShape,
  repeat = rows,
): number[] => [
  ...[rows, columns, depth, chunk, repeat],
  ...(gathered === undefined ? [] : GATHER_SIZES.map((size) => gathered.sizes[size])),
]

/** Layers of workgroups: pieces of the inner axis, remainders of cells by the stride, elements of the filters. */
function layersOf({ depth, chunk, gathered }: ProductShape): number {
  const pieces = Math.ceil(depth / chunk)
  if (gathered === undefined) return pieces
  const { use, stride } = gathered.gather
  if (use === 'filters') return pieces * elementsOf(gathered.gather)
  return use === 'input' ? stride * stride : 1
}

/** Workgroups of a product without column sums. */
export const workgroupsOf = (
  shape: ProductShape,
  variant: Variant,
): [x: number, y: number, z: number] => [
  Math.ceil(shape.columns / blockColumns(variant)),
  Math.ceil(shape.rows / blockRows(variant)),
  layersOf(shape),
]

/** Floats of a, b and the result. */
export function lengthsOf(shape: ProductShape): [a: number, b: number, result: number] {
  const { rows, columns, depth, gathered } = shape
  if (gathered === undefined)
    return [rows * depth, columns * depth, rows * columns * layersOf(shape)]
  const { gather, sizes, images } = gathered
  const cells = images * sizes.height * sizes.width
  return gather.use === 'filters'
    ? [rows * depth, cells * columns, rows * columns * layersOf(shape)]
    : [cells * depth, elementsOf(gather) * depth * columns, rows * columns * layersOf(shape)]
}
