import { epilogueOf, type Extra } from './matmulEpilogue.ts'
import { lines, loadCode } from './matmulText.ts'

/** Threads of a workgroup in x (columns) and y (rows). */
export const MATMUL_WORKGROUP = 8
/** Rows and columns of the result that one thread computes. */
export const TILE_ROWS = 4
export const TILE_COLUMNS = 8
/** Threads that sum columns of a, four columns each, in every workgroup beyond the last column of the result. */
const SUMMING_THREADS = (TILE_ROWS * MATMUL_WORKGROUP) / 4

/** Which operands are stored transposed: the first letter for a, the second for b. */
export type Layout = 'NN' | 'NT' | 'TN'

/** What a product kernel is made for; sizes are given at each dispatch, so that few pipelines serve all layers. */
export interface MatmulPlan {
  readonly layout: Layout
  /** Whether the widths of all three matrices are multiples of 4, so that four values are loaded at once. */
  readonly aligned: boolean
  /** What is done with the result before it is stored. */
  readonly extras: readonly Extra[]
  /** TN: whether the columns of a are summed too, by one more column of workgroups. */
  readonly columnSums: boolean
}

/** Adds the products of inner index `k` of a (a lane of four) and a row of b to the tile. */
const outer = (a: (row: number) => string, b: (half: number) => string): string =>
  lines(TILE_ROWS, (i) =>
    lines(2, (half) => `sum${i}${half} = fma(vec4f(${a(i)}), ${b(half)}, sum${i}${half});`),
  )

/** Sums over the inner axis into sum00 … sum31 (row of the tile, half of its columns), inner index ascending. */
const INNER: Record<Layout, string> = {
  // Both operands lie along the inner axis: beyond its end a and b are 0.
  NT: `
${lines(TILE_ROWS, (i) => `let row${i} = min(row + ${i}u, sizes.rows - 1u);`)}
${lines(TILE_COLUMNS, (j) => `let column${j} = min(column + ${j}u, sizes.columns - 1u);`)}
for (var k = 0u; k < (sizes.depth + 3u) / 4u; k++) {
${lines(TILE_ROWS, (i) => `let a${i} = a_at(row${i}, k);`)}
${lines(TILE_COLUMNS, (j) => `let b${j} = b_at(column${j}, k);`)}
${lines(4, (step) =>
  outer(
    (i) => `a${i}[${step}]`,
    (half) => `vec4f(${[0, 1, 2, 3].map((j) => `b${4 * half + j}[${step}]`).join(', ')})`,
  ),
)}
}`,
  // a lies along the inner axis, b along the columns. Beyond the inner size a is 0, so b may repeat its last row.
  NN: `
${lines(TILE_ROWS, (i) => `let row${i} = min(row + ${i}u, sizes.rows - 1u);`)}
for (var k = 0u; k < (sizes.depth + 3u) / 4u; k++) {
${lines(TILE_ROWS, (i) => `let a${i} = a_at(row${i}, k);`)}
${lines(
  4,
  (step) => `let inner${step} = min(4u * k + ${step}u, sizes.depth - 1u);
let b${step}0 = b_at(inner${step}, quad0);
let b${step}1 = b_at(inner${step}, quad1);
${outer(
  (i) => `a${i}[${step}]`,
  (half) => `b${step}${half}`,
)}`,
)}
}`,
  // Both operands lie along the result's axes: a sum of outer products over this layer's chunk of the inner axis.
  TN: `
for (var k = begin; k < end; k++) {
let a0 = a_at(k, row / 4u);
let b0 = b_at(k, quad0);
let b1 = b_at(k, quad1);
${outer(
  (i) => `a0[${i}]`,
  (half) => `b${half}`,
)}
}`,
}

const columnSumsCode = `
if (column >= ${TILE_COLUMNS * MATMUL_WORKGROUP}u * ((sizes.columns + ${TILE_COLUMNS * MATMUL_WORKGROUP - 1}u) / ${TILE_COLUMNS * MATMUL_WORKGROUP}u)) {
  let quad = group.y * ${SUMMING_THREADS}u + lane;
  if (lane >= ${SUMMING_THREADS}u || 4u * quad >= sizes.rows) { return; }
  var sum = vec4f(0.0);
  for (var k = begin; k < end; k++) { sum += a_at(k, quad); }
  store_sums(group.z, quad, sum);
  return;
}`

/**
 * Product of two matrices with `depth` inner indices, [rows, columns]; each layer of workgroups in z sums `chunk` of
 * the inner indices into a result of its own (for TN; otherwise there is one). A thread holds a tile of 4 × 8 results in
 * registers and needs no workgroup memory, so there are no barriers; every sum runs in a fixed order. Bindings: sizes
 * (uniform), a, b, result, those of the extras, and the column sums where there are some.
 */
export function matmulCode({ layout, aligned, extras, columnSums }: MatmulPlan): string {
  const type = aligned ? 'vec4f' : 'f32'
  const epilogue = epilogueOf(extras, aligned, columnSums)
  const offset = layout === 'TN' ? 'group.z * sizes.rows + ' : ''
  return `
struct Sizes { rows: u32, columns: u32, depth: u32, chunk: u32, repeat: u32 }
@group(0) @binding(0) var<uniform> sizes: Sizes;
@group(0) @binding(1) var<storage, read> a: array<${type}>;
@group(0) @binding(2) var<storage, read> b: array<${type}>;
${loadCode('a', layout === 'TN' ? 'sizes.rows' : 'sizes.depth', aligned)}
${loadCode('b', layout === 'NT' ? 'sizes.depth' : 'sizes.columns', aligned)}
${epilogue.declarations}

@compute @workgroup_size(${MATMUL_WORKGROUP}, ${MATMUL_WORKGROUP})
fn main(@builtin(global_invocation_id) id: vec3u, @builtin(workgroup_id) group: vec3u, @builtin(local_invocation_index) lane: u32) {
let row = id.y * ${TILE_ROWS}u;
let column = id.x * ${TILE_COLUMNS}u;
let begin = group.z * sizes.chunk;
let end = min(begin + sizes.chunk, sizes.depth);
${columnSums ? columnSumsCode : ''}
if (row >= sizes.rows || column >= sizes.columns) { return; }
let quad0 = column / 4u;
let quad1 = min(quad0 + 1u, (sizes.columns - 1u) / 4u);
${lines(TILE_ROWS, (i) => lines(2, (half) => `var sum${i}${half} = vec4f(0.0);`))}
${INNER[layout]}
${lines(
  TILE_ROWS,
  (i) => `if (row + ${i}u < sizes.rows) {
  finish(${offset}row + ${i}u, quad0, sum${i}0);
  if (column + 4u < sizes.columns) { finish(${offset}row + ${i}u, quad0 + 1u, sum${i}1); }
}`,
)}
}`
}
