import { normalCode } from '../gelu.ts'
import { loadCode, storeCode } from './text.ts'

/**
 * What a product kernel does with a value before it stores it, in this order:
 * - `bias`: adds bias[column];
 * - `residual`: adds residual[row mod repeat, column];
 * - `gelu`: also writes `activated`, the exact GELU of the value;
 * - `geluGradient`: with x from `before`, what GELU was applied to: multiplies by the derivative of GELU at x, and also
 *   writes `activated`, the GELU of x.
 */
export type Extra = 'bias' | 'residual' | 'gelu' | 'geluGradient'

/** What an extra reads and writes, all of the result's width. */
const MATRICES: Record<Extra, { readonly reads: string[]; readonly writes: string[] }> = {
  bias: { reads: ['bias'], writes: [] },
  residual: { reads: ['residual'], writes: [] },
  gelu: { reads: [], writes: ['activated'] },
  geluGradient: { reads: ['before'], writes: ['activated'] },
}

const CODE: Record<Extra, string> = {
  bias: 'value += bias_at(0u, quad);',
  residual: 'value += residual_at(row % sizes.repeat, quad);',
  gelu: 'store_activated(row, quad, value * normal(value).cumulative);',
  geluGradient: `let x = before_at(row, quad);
  let at = normal(x);
  store_activated(row, quad, x * at.cumulative);
  value *= at.cumulative + at.slope;`,
}

/** The order in which extras are done and bound. */
export const EXTRAS: readonly Extra[] = ['bias', 'residual', 'gelu', 'geluGradient']

/**
 * WGSL bindings from 3 on (the result, what the extras read and write in their order, the column sums) and
 * `finish(row, quad, value)`, which does the extras and stores.
 * @param target WGSL that sets `row`, the row that is stored, from `numbered`, or returns; they are the same when absent
 */
export function epilogueCode(
  extras: readonly Extra[],
  aligned: boolean,
  columnSums: boolean,
  target?: string,
): string {
  const type = aligned ? 'vec4f' : 'f32'
  const present = EXTRAS.filter((extra) => extras.includes(extra))
  const matrix = (access: 'read' | 'read_write', width: string) => (name: string) => ({
    name,
    access,
    width,
  })
  const matrices = [
    matrix('read_write', 'sizes.columns')('result'),
    ...present.flatMap((extra) => [
      ...MATRICES[extra].reads.map(matrix('read', 'sizes.columns')),
      ...MATRICES[extra].writes.map(matrix('read_write', 'sizes.columns')),
    ]),
    ...(columnSums ? [matrix('read_write', 'sizes.rows')('sums')] : []),
  ]
  const needsNormal = present.some((extra) => extra === 'gelu' || extra === 'geluGradient')
  return `
${matrices
  .map(
    ({ name, access, width }, index) =>
      `@group(0) @binding(${3 + index}) var<storage, ${access}> ${name}: array<${type}>;
${(access === 'read' ? loadCode : storeCode)(name, width, aligned)}`,
  )
  .join('\n')}
${needsNormal ? normalCode('vec4f') : ''}

fn finish(${target === undefined ? 'row' : 'numbered'}: u32, quad: u32, sum: vec4f) {
  ${target ?? ''}
  var value = sum;
  ${present.map((extra) => CODE[extra]).join('\n  ')}
  store_result(row, quad, value);
}`
}
