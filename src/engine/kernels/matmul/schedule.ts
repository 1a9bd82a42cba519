import { lines } from './text.ts'

/** How a variant computes a product: WGSL that is put together in code.ts. */
export interface Schedule {
  /** Feature that must be enabled. */
  readonly enables?: string
  /** At module scope. */
  readonly declarations?: string
  /** One more parameter of `main`. */
  readonly parameter?: string
  readonly workgroupSize: readonly [x: number, y: number]
  /** Rows and columns (in fours) of the result for which a thread holds the sums. */
  readonly rows: number
  readonly quads: number
  /**
   * Sets `row` and `quad`, the first of the thread's rows and quads of columns, and adds to `sumI_H`, of row I and quad H,
   * the products of the inner indices from `begin` up to `end`, in ascending order.
   */
  readonly product: string
}

/** The sum of row i and quad h of a thread. */
export const sum = (i: number, h: number): string => `sum${i}_${h}`

/** Adds `a` (a number) times `b` (four) to a sum. Everywhere the same operation, for the same bits. */
export const addProduct = (i: number, h: number, a: string, b: string): string =>
  `${sum(i, h)} = fma(vec4f(${a}), ${b}, ${sum(i, h)});`

/** Adds the products of four inner indices to all sums. */
export const addProducts = (
  rows: number,
  quads: number,
  a: (i: number, step: number) => string,
  b: (step: number, h: number) => string,
): string =>
  lines(4, (step) =>
    lines(rows, (i) => lines(quads, (h) => addProduct(i, h, a(i, step), b(step, h)))),
  )
