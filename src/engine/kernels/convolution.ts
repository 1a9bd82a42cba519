import {
  CONVOLUTION_WORKGROUP,
  halves,
  lines,
  loadCode,
  positions,
  SIZES_CODE,
  storeCode,
  STORE_SUMS_CODE,
  sumsCode,
  TILE_POSITIONS,
  tileStart,
  typeOf,
  type ConvolutionPlan,
} from './convolutionTile.ts'

/**
 * Filters [out, in, kernel] in the order in which the other kernels read them: [out / 8, kernel, in, 8], so that what a
 * tile of either product needs lies side by side; inputs are filled up with zeros to a multiple of 4, outputs of 8.
 * Bindings: sizes, weight, filters.
 */
export const filterLayoutCode = ({ kernel: [height, width] }: ConvolutionPlan): string => `
${SIZES_CODE}
@group(0) @binding(1) var<storage, read> weight: array<f32>;
@group(0) @binding(2) var<storage, read_write> filters: array<f32>;

@compute @workgroup_size(${CONVOLUTION_WORKGROUP})
fn main(@builtin(global_invocation_id) id: vec3u, @builtin(num_workgroups) wide: vec3u) {
  let i = id.x + id.y * wide.x * ${CONVOLUTION_WORKGROUP}u;
  if (i >= arrayLength(&filters)) { return; }
  let row = i / 8u;
  let inputs = 4u * quads(sizes.inputs);
  let input = row % inputs;
  let element = (row / inputs) % ${height * width}u;
  let output = row / inputs / ${height * width}u * 8u + i % 8u;
  var value = 0.0;
  if (output < sizes.outputs && input < sizes.inputs) {
    value = weight[(output * sizes.inputs + input) * ${height * width}u + element];
  }
  filters[i] = value;
}`

/**
 * y[b, v, u, o] = bias[o] + Σ x[b, v · stride + r − padding, u · stride + s − padding, c] · filters[r, s, c, o], as a
 * product of matrices whose left side is never laid out: a thread holds 4 positions × 8 channels in registers and needs
 * no workgroup memory. Bindings: sizes, x, filters, y, bias where there is one.
 */
export function convolutionCode(plan: ConvolutionPlan, bias: boolean): string {
  const { kernel, stride, padding, alignedInputs, alignedOutputs } = plan
  return `
${SIZES_CODE}
@group(0) @binding(1) var<storage, read> x: array<${typeOf(alignedInputs)}>;
@group(0) @binding(2) var<storage, read> filters: array<vec4f>;
@group(0) @binding(3) var<storage, read_write> y: array<${typeOf(alignedOutputs)}>;
${bias ? `@group(0) @binding(4) var<storage, read> bias: array<${typeOf(alignedOutputs)}>;` : ''}
${loadCode('x', 'sizes.inputs', alignedInputs)}
${bias ? loadCode('bias', 'sizes.outputs', alignedOutputs) : ''}
${storeCode('y', 'sizes.outputs', alignedOutputs)}

${tileStart('outputs')}
let count = sizes.images * sizes.outHeight * sizes.outWidth;
let first = tile * ${TILE_POSITIONS}u;
if (first >= count) { return; }
${positions(
  (i) => `let position${i} = min(first + ${i}u, count - 1u);
let top${i} = i32((position${i} / sizes.outWidth) % sizes.outHeight * ${stride}u) - ${padding};
let left${i} = i32(position${i} % sizes.outWidth * ${stride}u) - ${padding};
let image${i} = position${i} / sizes.outWidth / sizes.outHeight * sizes.height;`,
)}
${sumsCode(TILE_POSITIONS, (half) => (bias ? `bias_at(0u, quad${half})` : 'vec4f(0.0)'))}
for (var r = 0; r < ${kernel[0]}; r++) {
for (var s = 0; s < ${kernel[1]}; s++) {
${positions(
  (i) => `let row${i} = u32(top${i} + r);
let column${i} = u32(left${i} + s);
let inside${i} = row${i} < sizes.height && column${i} < sizes.width;
let at${i} = select(0u, (image${i} + row${i}) * sizes.width + column${i}, inside${i});`,
)}
var row = ((i % columns) * ${kernel[0] * kernel[1]}u + u32(r * ${kernel[1]} + s)) * 4u * inputQuads;
for (var k = 0u; k < inputQuads; k++) {
${positions((i) => `let a${i} = select(vec4f(0.0), x_at(at${i}, k), inside${i});`)}
${lines(
  4,
  (step) => `${halves((half) => `let b${step}${half} = filters[2u * row + ${2 * step + half}u];`)}
${positions((i) => halves((half) => `sum${i}${half} += a${i}[${step}] * b${step}${half};`))}
`,
)}
row += 4u;
}
}
}
${STORE_SUMS_CODE}
}`
}
