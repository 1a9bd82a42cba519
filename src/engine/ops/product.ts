import { currentEngine } from '../current.ts'
import { kernelNamed, uniformOf, type Binding } from '../kernel.ts'
import { matmulCode } from '../kernels/matmul/code.ts'
import type { Extra } from '../kernels/matmul/epilogue.ts'
import { gatherName } from '../kernels/matmul/gather.ts'
import { PLAIN, variantName, type Variant } from '../kernels/matmul/variants.ts'
import { sizesOf, workgroupsOf, type ProductShape } from '../tuning/shape.ts'

/** A product and what is done besides. */
export interface Product extends Omit<ProductShape, 'chunk'> {
  readonly a: Binding
  readonly b: Binding
  /** Inner indices to each partial result; all of them where left out. */
  readonly chunk?: number
  /** What is done with the result, and the tensors for it in the order of `Extra`. */
  readonly extras?: readonly (readonly [extra: Extra, ...tensors: Binding[]])[]
  /** Rows of the residual. */
  readonly repeat?: number
  /** Takes the column sums of a. */
  readonly sums?: Binding
}

/**
 * Encodes one product into `result` (one matrix for each piece of the inner axis).
 * @param wanted the variant, where the widths are multiples of four; left out, it is chosen by the engine's tuning
 */
export function encodeProduct(product: Product, result: Binding, wanted?: Variant): void {
  const { layout, a, b, rows, columns, depth, chunk = depth, extras = [], repeat } = product
  const { gathered } = product
  // What must come in fours are the widths of the stored matrices.
  const aligned = (layout === 'TN' ? rows : depth) % 4 === 0 && columns % 4 === 0
  const columnSums = product.sums !== undefined
  const names = extras.map(([extra]) => extra)
  const shape = { layout, rows, columns, depth, chunk, ...(gathered && { gathered }) }
  const variant = aligned ? (wanted ?? currentEngine().tuning.variantFor(shape)) : PLAIN
  const gather = gathered?.gather
  const plan = { layout, aligned, extras: names, columnSums, ...(gather && { gather }) }
  const words = [
    ...['matmul', layout, ...(gather ? [gatherName(gather)] : [])],
    ...names,
    ...(columnSums ? ['sums'] : []),
  ]
  const name = `${words.join(' ')} ${aligned ? 4 : 1} ${variantName(variant)}`
  const [x, y, z] = workgroupsOf(shape, variant)
  kernelNamed(name, () => matmulCode(plan, variant)).dispatch(
    [
      uniformOf(sizesOf(shape, repeat)),
      a,
      b,
      result,
      ...extras.flatMap(([, ...tensors]) => tensors),
      ...(product.sums === undefined ? [] : [product.sums]),
    ],
    x + (columnSums ? 1 : 0),
    y,
    z,
  )
}
