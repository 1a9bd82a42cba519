import {
  CONVOLUTION_WORKGROUP,
  halves,
  lines,
  loadCode,
  positions,
  range,
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
 * dx[b, h, w, c] = Σ dy[b, v, u, o] · filters[r, s, c, o] over v · stride + r − padding = h, u · stride + s − padding = w.
 * Each layer of workgroups in z has the positions of one remainder of h and w by the stride: so all positions of a tile
 * use the same elements of the kernel, and no thread idles. Bindings: sizes, dy, filters, dx.
 */
export function inputGradientCode(plan: ConvolutionPlan): string {
  const { kernel, stride, padding, alignedInputs, alignedOutputs } = plan
  return `
${SIZES_CODE}
@group(0) @binding(1) var<storage, read> dy: array<${typeOf(alignedOutputs)}>;
@group(0) @binding(2) var<storage, read> filters: array<vec4f>;
@group(0) @binding(3) var<storage, read_write> dx: array<${typeOf(alignedInputs)}>;
${loadCode('dy', 'sizes.outputs', alignedOutputs)}
${storeCode('dx', 'sizes.inputs', alignedInputs)}

${tileStart('inputs')}
let phase = vec2u(id.z / ${stride}u, id.z % ${stride}u);
if (phase.x >= sizes.height || phase.y >= sizes.width) { return; }
let high = (sizes.height - phase.x + ${stride - 1}u) / ${stride}u;
let broad = (sizes.width - phase.y + ${stride - 1}u) / ${stride}u;
let count = sizes.images * high * broad;
let first = tile * ${TILE_POSITIONS}u;
if (first >= count) { return; }
${positions(
  (i) => `let number${i} = min(first + ${i}u, count - 1u);
let row${i} = (number${i} / broad) % high * ${stride}u + phase.x;
let column${i} = number${i} % broad * ${stride}u + phase.y;
let image${i} = number${i} / broad / high;
let position${i} = (image${i} * sizes.height + row${i}) * sizes.width + column${i};`,
)}
${sumsCode(TILE_POSITIONS, () => 'vec4f(0.0)')}
for (var r = (phase.x + ${padding}u) % ${stride}u; r < ${kernel[0]}u; r += ${stride}u) {
for (var s = (phase.y + ${padding}u) % ${stride}u; s < ${kernel[1]}u; s += ${stride}u) {
${positions(
  (i) => `let v${i} = u32((i32(row${i}) + ${padding} - i32(r)) / ${stride});
let u${i} = u32((i32(column${i}) + ${padding} - i32(s)) / ${stride});
let inside${i} = v${i} < sizes.outHeight && u${i} < sizes.outWidth;
let at${i} = select(0u, (image${i} * sizes.outHeight + v${i}) * sizes.outWidth + u${i}, inside${i});`,
)}
for (var k = 0u; k < outputQuads; k++) {
let row = ((k / 2u) * ${kernel[0] * kernel[1]}u + r * ${kernel[1]}u + s) * 4u * inputQuads;
${positions((i) => `let a${i} = select(vec4f(0.0), dy_at(at${i}, k), inside${i});`)}
${halves(
  (
    half,
  ) => `${lines(4, (j) => `let b${half}${j} = filters[2u * (row + 4u * quad${half} + ${j}u) + k % 2u];`)}
${positions(
  (i) =>
    `sum${i}${half} += vec4f(${range(4)
      .map((j) => `dot(a${i}, b${half}${j})`)
      .join(', ')});`,
)}`,
)}
}
}
}
${STORE_SUMS_CODE}
}`
}

/**
 * Sums of x · dy over the rows of positions (of all images) that each layer of workgroups in z has: [layers, kernel, in,
 * out], both numbers of channels filled up. A thread holds 4 inputs × 8 outputs of one element of the kernel.
 * Bindings: sizes, x, dy, sums.
 */
export function filterGradientCode(plan: ConvolutionPlan): string {
  const { kernel, stride, padding, alignedInputs, alignedOutputs } = plan
  return `
${SIZES_CODE}
@group(0) @binding(1) var<storage, read> x: array<${typeOf(alignedInputs)}>;
@group(0) @binding(2) var<storage, read> dy: array<${typeOf(alignedOutputs)}>;
@group(0) @binding(3) var<storage, read_write> sums: array<vec4f>;
${loadCode('x', 'sizes.inputs', alignedInputs)}
${loadCode('dy', 'sizes.outputs', alignedOutputs)}

${tileStart('outputs')}
let input = tile % inputQuads;
let element = tile / inputQuads;
if (element >= ${kernel[0] * kernel[1]}u) { return; }
let r = element / ${kernel[1]}u;
let s = element % ${kernel[1]}u;
// The positions u for which u · stride + s − padding is inside.
let firstU = (${padding}u - min(s, ${padding}u) + ${stride - 1}u) / ${stride}u;
let endU = min(sizes.outWidth, (max(sizes.width + ${padding}u, s) - s + ${stride - 1}u) / ${stride}u);
${sumsCode(4, () => 'vec4f(0.0)')}
let end = min((id.z + 1u) * sizes.chunk, sizes.images * sizes.outHeight);
for (var line = id.z * sizes.chunk; line < end; line++) {
let row = line % sizes.outHeight * ${stride}u + r - ${padding}u;
if (row >= sizes.height) { continue; }
let begin = (line / sizes.outHeight * sizes.height + row) * sizes.width + s - ${padding}u;
for (var u = firstU; u < endU; u++) {
let a = x_at(begin + u * ${stride}u, input);
${halves((half) => `let b${half} = dy_at(line * sizes.outWidth + u, quad${half});`)}
${lines(4, (i) => halves((half) => `sum${i}${half} += a[${i}] * b${half};`))}
}
}
let to = ((id.z * ${kernel[0] * kernel[1]}u + element) * inputQuads + input) * 4u * outputQuads;
${lines(
  4,
  (i) => `sums[to + ${i}u * outputQuads + quad0] = sum${i}0;
if (quad0 + 1u < across) { sums[to + ${i}u * outputQuads + quad0 + 1u] = sum${i}1; }`,
)}
}`
}

/** Adds the layers of sums in order, to dweight [out, in, kernel]; a thread an entry. Bindings: sizes, sums, dweight. */
export const filterGradientFinalCode = ({ kernel: [height, width] }: ConvolutionPlan): string => `
${SIZES_CODE}
@group(0) @binding(1) var<storage, read> sums: array<f32>;
@group(0) @binding(2) var<storage, read_write> dweight: array<f32>;

@compute @workgroup_size(${CONVOLUTION_WORKGROUP})
fn main(@builtin(global_invocation_id) id: vec3u, @builtin(num_workgroups) wide: vec3u) {
  let i = id.x + id.y * wide.x * ${CONVOLUTION_WORKGROUP}u;
  if (i >= arrayLength(&dweight)) { return; }
  // Neighbouring threads have neighbouring outputs, as the sums do.
  let output = i % sizes.outputs;
  let input = (i / sizes.outputs) % sizes.inputs;
  let element = i / sizes.outputs / sizes.inputs;
  let inputs = 4u * quads(sizes.inputs);
  let outputs = 4u * quads(sizes.outputs);
  var sum = 0.0;
  for (var at = (element * inputs + input) * outputs + output; at < arrayLength(&sums); at += ${height * width}u * inputs * outputs) {
    sum += sums[at];
  }
  dweight[(output * sizes.inputs + input) * ${height * width}u + element] = sum;
}`
