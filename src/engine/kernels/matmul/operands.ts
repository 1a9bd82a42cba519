import { lines, loadCode } from './text.ts'

/** Which operands are stored transposed: the first letter for a, the second for b. */
export type Layout = 'NN' | 'NT' | 'TN'

/** True where a is stored [rows, depth]: four values of a load lie along the inner axis, else along the rows. */
export const isInnerA = (layout: Layout): boolean => layout !== 'TN'

/** True where b is stored [columns, depth]: four values of a load lie along the inner axis, else along the columns. */
export const isInnerB = (layout: Layout): boolean => layout === 'NT'

/**
 * WGSL loads, with `k` a multiple of 4 for those along the inner axis:
 * - `a_inner(row, k)` or `a_outer(k, end, quad)`, which is 0 from inner index `end` on;
 * - `b_inner(column, k)` or `b_outer(k, quad)`, which repeats the last inner index, where a is 0.
 */
export const operandCode = (layout: Layout, aligned: boolean): string => `
${loadCode('a', isInnerA(layout) ? 'sizes.depth' : 'sizes.rows', aligned)}
${loadCode('b', isInnerB(layout) ? 'sizes.depth' : 'sizes.columns', aligned)}
${
  isInnerA(layout)
    ? 'fn a_inner(row: u32, k: u32) -> vec4f { return a_at(row, k / 4u); }'
    : `fn a_outer(k: u32, end: u32, quad: u32) -> vec4f {
  return select(vec4f(0.0), a_at(min(k, sizes.depth - 1u), quad), k < end);
}`
}
${
  isInnerB(layout)
    ? 'fn b_inner(column: u32, k: u32) -> vec4f { return b_at(column, k / 4u); }'
    : 'fn b_outer(k: u32, quad: u32) -> vec4f { return b_at(min(k, sizes.depth - 1u), quad); }'
}`

/** WGSL for the quads of columns of a thread from `quad` on, and what it loads of b for them. */
export const columnCode = (
  layout: Layout,
  quads: number,
): {
  /** Before the loop over k. */
  readonly setup: string
  /** In the loop, for k … k + 3. */
  readonly load: string
  /** The values of b at inner index k + step and the columns of quad `h`. */
  readonly value: (step: number, h: number) => string
} =>
  isInnerB(layout)
    ? {
        setup: lines(
          4 * quads,
          (j) => `let column${j} = min(4u * quad + ${j}u, sizes.columns - 1u);`,
        ),
        load: lines(4 * quads, (j) => `let b${j} = b_inner(column${j}, k);`),
        value: (step, h) =>
          `vec4f(${[0, 1, 2, 3].map((j) => `b${4 * h + j}[${step}]`).join(', ')})`,
      }
    : {
        setup: lines(quads, (h) => `let quad${h} = min(quad + ${h}u, last_quad);`),
        load: lines(4, (step) =>
          lines(quads, (h) => `let b${step}_${h} = b_outer(k + ${step}u, quad${h});`),
        ),
        value: (step, h) => `b${step}_${h}`,
      }
