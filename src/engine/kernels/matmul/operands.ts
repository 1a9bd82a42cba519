import { gatherOperands, type Gather } from './gather.ts'
import { A_OUTER_CODE, lines, loadCode } from './text.ts'

/** Which operands are stored transposed: the first letter for a, the second for b. */
export type Layout = 'NN' | 'NT' | 'TN'

/** How the schedules of a product read its operands, and what they loop over around the inner axis. */
export interface Operands {
  /** True where four values of a load lie along the inner axis, else along the rows. */
  readonly innerA: boolean
  /** The same of b, else along the columns. */
  readonly innerB: boolean
  /**
   * Loads at module scope, with `k` a multiple of 4 for those along the inner axis: `a_inner(row, k)` or `a_outer(k, end,
   * quad)`, which is 0 from inner index `end` on, and what `b` needs.
   */
  readonly code: string
  /** Sets `begin` and `end`: the inner indices of a layer of workgroups. */
  readonly range: string
  /** Begins and ends what the loop over the inner indices stands in; it may set other `begin` and `end`. */
  readonly opening: string
  readonly closing: string
  /** What `row` needs to know of a row of the result, computed before the opening; where four values lie along the inner axis. */
  readonly place: (row: string) => string
  /** The row of a for `a_inner`, computed after the opening. */
  readonly row: (place: string) => string
  /**
   * Four values of b: of inner indices from k on, `across` being the column; or of inner index k, of the quad of columns
   * `across`, anything that is finite where a is 0.
   */
  readonly b: (k: string, across: string) => string
}

/** What decides how operands are read. */
export interface OperandPlan {
  readonly layout: Layout
  /** Whether the widths of the stored matrices are multiples of 4, so that four values are loaded at once. */
  readonly aligned: boolean
  /** The operand that is gathered from images, where one is. */
  readonly gather?: Gather
  /** Whether threads come to the same inner index at different times: then each is looked up by itself. */
  readonly scattered: boolean
}

/** The operands of a plan. */
export const operandsOf = ({ layout, aligned, gather, scattered }: OperandPlan): Operands =>
  gather === undefined ? matrices(layout, aligned) : gatherOperands(gather, scattered)

function matrices(layout: Layout, aligned: boolean): Operands {
  const [innerA, innerB] = [layout !== 'TN', layout === 'NT']
  return {
    innerA,
    innerB,
    code: `
${loadCode('a', innerA ? 'sizes.depth' : 'sizes.rows', aligned)}
${loadCode('b', innerB ? 'sizes.depth' : 'sizes.columns', aligned)}
${innerA ? 'fn a_inner(row: u32, k: u32) -> vec4f { return a_at(row, k / 4u); }' : A_OUTER_CODE}`,
    range: `let begin = group.z * sizes.chunk;
let end = min(begin + sizes.chunk, sizes.depth);`,
    opening: '',
    closing: '',
    place: (row) => row,
    row: (place) => place,
    b: (k, across) =>
      innerB ? `b_at(${across}, ${k} / 4u)` : `b_at(min(${k}, sizes.depth - 1u), ${across})`,
  }
}

/** WGSL for the quads of columns of a thread from `quad` on, and what it loads of b for them. */
export const columnCode = (
  { innerB, b }: Operands,
  quads: number,
): {
  /** Before the loop over k. */
  readonly setup: string
  /** In the loop, for k … k + 3. */
  readonly load: string
  /** The values of b at inner index k + step and the columns of quad `h`. */
  readonly value: (step: number, h: number) => string
} =>
  innerB
    ? {
        setup: lines(
          4 * quads,
          (j) => `let column${j} = min(4u * quad + ${j}u, sizes.columns - 1u);`,
        ),
        load: lines(4 * quads, (j) => `let b${j} = ${b('k', `column${j}`)};`),
        value: (step, h) =>
          `vec4f(${[0, 1, 2, 3].map((j) => `b${4 * h + j}[${step}]`).join(', ')})`,
      }
    : {
        setup: lines(quads, (h) => `let quad${h} = min(quad + ${h}u, last_quad);`),
        load: lines(4, (step) =>
          lines(quads, (h) => `let b${step}_${h} = ${b(`(k + ${step}u)`, `quad${h}`)};`),
        ),
        value: (step, h) => `b${step}_${h}`,
      }
