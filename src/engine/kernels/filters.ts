/** Threads of a workgroup of the kernels for filters, an entry each. */
export const FILTERS_WORKGROUP = 64

const SIZES_CODE = `
struct Sizes { inputs: u32, outputs: u32, pieces: u32 }
@group(0) @binding(0) var<uniform> sizes: Sizes;`

const startCode = (array: string): string => `
@compute @workgroup_size(${FILTERS_WORKGROUP})
fn main(@builtin(global_invocation_id) id: vec3u, @builtin(num_workgroups) wide: vec3u) {
  let i = id.x + id.y * wide.x * ${FILTERS_WORKGROUP}u;
  if (i >= arrayLength(&${array})) { return; }`

/** The order of filters: for the convolution itself, for its gradient, and for that with the elements from last to first. */
export type FilterOrder = 'forward' | 'input' | 'flipped'

/**
 * Filters [out, in, elements] as products read them: [elements, in, out] for `forward`, [elements, out, in] for the others.
 * Bindings: sizes, weight, filters.
 */
export function filtersCode(elements: number, order: FilterOrder): string {
  const [rows, columns] = order === 'forward' ? ['inputs', 'outputs'] : ['outputs', 'inputs']
  const element = `i / sizes.${columns} / sizes.${rows}`
  const entry = order === 'forward' ? 'column * sizes.inputs + row' : 'row * sizes.inputs + column'
  return `
${SIZES_CODE}
@group(0) @binding(1) var<storage, read> weight: array<f32>;
@group(0) @binding(2) var<storage, read_write> filters: array<f32>;
${startCode('filters')}
  let column = i % sizes.${columns};
  let row = i / sizes.${columns} % sizes.${rows};
  let element = ${order === 'flipped' ? `${elements - 1}u - ${element}` : element};
  filters[i] = weight[(${entry}) * ${elements}u + element];
}`
}

/**
 * The gradient of filters [out, in, elements] from sums [pieces, elements, out, in] over pieces of the positions, which are
 * added in order. Bindings: sizes, sums, dweight.
 */
export const filterSumCode = (elements: number): string => `
${SIZES_CODE}
@group(0) @binding(1) var<storage, read> sums: array<f32>;
@group(0) @binding(2) var<storage, read_write> dweight: array<f32>;
${startCode('dweight')}
  // Neighbouring threads read what lies side by side.
  let matrix = sizes.inputs * sizes.outputs;
  var sum = 0.0;
  for (var piece = 0u; piece < sizes.pieces; piece++) { sum += sums[piece * ${elements}u * matrix + i]; }
  dweight[i % matrix * ${elements}u + i / matrix] = sum;
}`
