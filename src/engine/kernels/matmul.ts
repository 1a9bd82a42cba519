/** Threads of a workgroup in x (columns) and y (rows). */
export const MATMUL_WORKGROUP = 8
/** Rows and columns of the result that one thread computes. */
export const TILE_ROWS = 4
export const TILE_COLUMNS = 8

/** Which operands are stored transposed: the first letter for a, the second for b. */
export type Layout = 'NN' | 'NT' | 'TN'

/** What a product kernel is made for; sizes are given at each dispatch, so that few pipelines serve all layers. */
export interface MatmulPlan {
  readonly layout: Layout
  /** Whether a bias is added to every row. */
  readonly bias: boolean
  /** Whether the widths of all three matrices are multiples of 4, so that four values are loaded at once. */
  readonly aligned: boolean
}

const range = (count: number): number[] => Array.from({ length: count }, (_, i) => i)
const lines = (count: number, line: (i: number) => string): string =>
  range(count).map(line).join('\n')

/** `NAME_at(row, quad)`: the values 4 quad … 4 quad + 3 of a stored row, 0 beyond its width. */
const loadCode = (name: string, width: string, aligned: boolean): string =>
  aligned
    ? `fn ${name}_at(row: u32, quad: u32) -> vec4f { return ${name}[row * (${width} / 4u) + quad]; }`
    : `fn ${name}_at(row: u32, quad: u32) -> vec4f {
  let first = 4u * quad;
  let at = row * ${width} + first;
  let inside = vec4u(first) + vec4u(0u, 1u, 2u, 3u) < vec4u(${width});
  return select(vec4f(0.0), vec4f(${name}[at], ${name}[at + 1u], ${name}[at + 2u], ${name}[at + 3u]), inside);
}`

const storeCode = (aligned: boolean): string =>
  aligned
    ? `fn store(row: u32, quad: u32, value: vec4f) {
  if (4u * quad < sizes.columns) { result[row * (sizes.columns / 4u) + quad] = value; }
}`
    : `fn store(row: u32, quad: u32, value: vec4f) {
  for (var j = 0u; j < 4u; j++) {
    let column = 4u * quad + j;
    if (column < sizes.columns) { result[row * sizes.columns + column] = value[j]; }
  }
}`

/** Sums over the inner axis into sum00 … sum31 (row of the tile, half of its columns). */
const INNER: Record<Layout, string> = {
  // Both operands lie along the inner axis: products of rows with rows.
  NT: `
${lines(4, (i) => `let row${i} = min(row + ${i}u, sizes.rows - 1u);`)}
${lines(8, (j) => `let column${j} = min(column + ${j}u, sizes.columns - 1u);`)}
for (var k = 0u; k < (sizes.depth + 3u) / 4u; k++) {
${lines(4, (i) => `let a${i} = a_at(row${i}, k);`)}
${lines(8, (j) => `let b${j} = b_at(column${j}, k);`)}
${lines(4, (i) =>
  lines(2, (half) => {
    const dots = range(4).map((j) => `dot(a${i}, b${4 * half + j})`)
    return `sum${i}${half} += vec4f(${dots.join(', ')});`
  }),
)}
}`,
  // a lies along the inner axis, b along the columns. Beyond the inner size a is 0, so b may repeat its last row.
  NN: `
${lines(4, (i) => `let row${i} = min(row + ${i}u, sizes.rows - 1u);`)}
for (var k = 0u; k < (sizes.depth + 3u) / 4u; k++) {
${lines(4, (i) => `let a${i} = a_at(row${i}, k);`)}
${lines(
  4,
  (step) => `let inner${step} = min(4u * k + ${step}u, sizes.depth - 1u);
let b${step}0 = b_at(inner${step}, quad0);
let b${step}1 = b_at(inner${step}, quad1);
${lines(4, (i) => lines(2, (half) => `sum${i}${half} += a${i}[${step}] * b${step}${half};`))}`,
)}
}`,
  // Both operands lie along the result's axes: a sum of outer products over this layer's chunk of the inner axis.
  TN: `
let end = min((id.z + 1u) * sizes.chunk, sizes.depth);
for (var k = id.z * sizes.chunk; k < end; k++) {
let a0 = a_at(k, row / 4u);
let b0 = b_at(k, quad0);
let b1 = b_at(k, quad1);
${lines(4, (i) => lines(2, (half) => `sum${i}${half} += a0[${i}] * b${half};`))}
}`,
}

/**
 * Product of two matrices with `depth` inner indices, [rows, columns]; each layer of workgroups in z sums `chunk` of
 * the inner indices into a result of its own (for TN; otherwise there is one). A thread holds a tile of 4 × 8 results in
 * registers and needs no workgroup memory, so there are no barriers; every sum runs in a fixed order. Bindings: sizes
 * (uniform), a, b, result, bias where there is one.
 */
export function matmulCode({ layout, bias, aligned }: MatmulPlan): string {
  const type = aligned ? 'vec4f' : 'f32'
  const start = (half: number): string => (bias ? `bias_at(0u, quad${half})` : 'vec4f(0.0)')
  const offset = layout === 'TN' ? 'id.z * sizes.rows + ' : ''
  return `
struct Sizes { rows: u32, columns: u32, depth: u32, chunk: u32 }
@group(0) @binding(0) var<uniform> sizes: Sizes;
@group(0) @binding(1) var<storage, read> a: array<${type}>;
@group(0) @binding(2) var<storage, read> b: array<${type}>;
@group(0) @binding(3) var<storage, read_write> result: array<${type}>;
${bias ? `@group(0) @binding(4) var<storage, read> bias: array<${type}>;` : ''}
${loadCode('a', layout === 'TN' ? 'sizes.rows' : 'sizes.depth', aligned)}
${loadCode('b', layout === 'NT' ? 'sizes.depth' : 'sizes.columns', aligned)}
${bias ? loadCode('bias', 'sizes.columns', aligned) : ''}
${storeCode(aligned)}

@compute @workgroup_size(${MATMUL_WORKGROUP}, ${MATMUL_WORKGROUP})
fn main(@builtin(global_invocation_id) id: vec3u) {
let row = id.y * ${TILE_ROWS}u;
let column = id.x * ${TILE_COLUMNS}u;
if (row >= sizes.rows || column >= sizes.columns) { return; }
let quad0 = column / 4u;
let quad1 = min(quad0 + 1u, (sizes.columns - 1u) / 4u);
${lines(2, (half) => lines(4, (i) => `var sum${i}${half} = ${i === 0 ? start(half) : `sum0${half}`};`))}
${INNER[layout]}
${lines(
  4,
  (i) => `if (row + ${i}u < sizes.rows) {
  store(${offset}row + ${i}u, quad0, sum${i}0);
  store(${offset}row + ${i}u, quad0 + 1u, sum${i}1);
}`,
)}
}`
}
