/** Threads of a workgroup of the convolution kernels. */
export const CONVOLUTION_WORKGROUP = 64
/** Positions, and quads of channels, that a thread computes; a filter gradient has a quad of inputs instead of positions. */
export const TILE_POSITIONS = 4
export const TILE_QUADS = 2

/** What a convolution kernel is made for; the sizes are given at each dispatch. */
export interface ConvolutionPlan {
  readonly kernel: readonly [height: number, width: number]
  readonly stride: number
  readonly padding: number
  /** Whether the numbers of input and output channels are multiples of 4, so that four values are loaded at once. */
  readonly alignedInputs: boolean
  readonly alignedOutputs: boolean
}

const range = (count: number): number[] => Array.from({ length: count }, (_, i) => i)
const lines = (count: number, line: (i: number) => string): string =>
  range(count).map(line).join('\n')
const halves = (line: (half: number) => string): string => lines(TILE_QUADS, line)
const positions = (line: (i: number) => string): string => lines(TILE_POSITIONS, line)

/** The sizes of a layer, and how many quads hold its channels. `chunk` is used by the filter gradient alone. */
const SIZES_CODE = `
struct Sizes {
  images: u32, height: u32, width: u32, inputs: u32,
  outHeight: u32, outWidth: u32, outputs: u32, chunk: u32,
}
@group(0) @binding(0) var<uniform> sizes: Sizes;

fn quads(channels: u32) -> u32 { return (channels + 3u) / 4u; }`

const typeOf = (aligned: boolean): string => (aligned ? 'vec4f' : 'f32')

/** `NAME_at(position, quad)`: four channels at a position, 0 beyond the last. */
const loadCode = (name: string, channels: string, aligned: boolean): string =>
  aligned
    ? `fn ${name}_at(position: u32, quad: u32) -> vec4f { return ${name}[position * (${channels} / 4u) + quad]; }`
    : `fn ${name}_at(position: u32, quad: u32) -> vec4f {
  let at = position * ${channels} + 4u * quad;
  let inside = vec4u(4u * quad) + vec4u(0u, 1u, 2u, 3u) < vec4u(${channels});
  return select(vec4f(0.0), vec4f(${name}[at], ${name}[at + 1u], ${name}[at + 2u], ${name}[at + 3u]), inside);
}`

const storeCode = (name: string, channels: string, aligned: boolean): string =>
  aligned
    ? `fn store(position: u32, quad: u32, value: vec4f) { ${name}[position * (${channels} / 4u) + quad] = value; }`
    : `fn store(position: u32, quad: u32, value: vec4f) {
  for (var j = 0u; j < 4u; j++) {
    let channel = 4u * quad + j;
    if (channel < ${channels}) { ${name}[position * ${channels} + channel] = value[j]; }
  }
}`

/** The beginning of a kernel whose neighbouring threads have neighbouring tiles of `channels`: quad0, quad1, tile. */
const tileStart = (channels: string): string => `
@compute @workgroup_size(${CONVOLUTION_WORKGROUP})
fn main(@builtin(global_invocation_id) id: vec3u, @builtin(num_workgroups) wide: vec3u) {
let i = id.x + id.y * wide.x * ${CONVOLUTION_WORKGROUP}u;
let inputQuads = quads(sizes.inputs);
let outputQuads = quads(sizes.outputs);
let across = quads(sizes.${channels});
let columns = (across + 1u) / 2u;
let quad0 = 2u * (i % columns);
let quad1 = min(quad0 + 1u, across - 1u);
let tile = i / columns;`

const sumsCode = (rows: number, start: (half: number) => string): string =>
  halves((half) => lines(rows, (i) => `var sum${i}${half} = ${start(half)};`))

const storeSums = (first: string, count: string): string =>
  positions(
    (i) => `if (${first} + ${i}u < ${count}) {
store(position${i}, quad0, sum${i}0);
if (quad0 + 1u < across) { store(position${i}, quad0 + 1u, sum${i}1); }
}`,
  )

/**
 * Filters [out, in, kernel] in the order in which the other kernels read them: [kernel, in, out], both numbers of channels
 * filled up with zeros to multiples of 4. Bindings: sizes, weight, filters.
 */
export const filterLayoutCode = ({ kernel: [height, width] }: ConvolutionPlan): string => `
${SIZES_CODE}
@group(0) @binding(1) var<storage, read> weight: array<f32>;
@group(0) @binding(2) var<storage, read_write> filters: array<f32>;

@compute @workgroup_size(${CONVOLUTION_WORKGROUP})
fn main(@builtin(global_invocation_id) id: vec3u, @builtin(num_workgroups) wide: vec3u) {
  let i = id.x + id.y * wide.x * ${CONVOLUTION_WORKGROUP}u;
  if (i >= arrayLength(&filters)) { return; }
  let inputs = 4u * quads(sizes.inputs);
  let outputs = 4u * quads(sizes.outputs);
  let output = i % outputs;
  let input = (i / outputs) % inputs;
  var value = 0.0;
  if (output < sizes.outputs && input < sizes.inputs) {
    value = weight[(output * sizes.inputs + input) * ${height * width}u + i / outputs / inputs];
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
var filter_ = u32(r * ${kernel[1]} + s) * 4u * inputQuads * outputQuads;
for (var k = 0u; k < inputQuads; k++) {
${positions((i) => `let a${i} = select(vec4f(0.0), x_at(at${i}, k), inside${i});`)}
${lines(
  4,
  (step) => `${halves((half) => `let b${step}${half} = filters[filter_ + quad${half}];`)}
${positions((i) => halves((half) => `sum${i}${half} += a${i}[${step}] * b${step}${half};`))}
filter_ += outputQuads;`,
)}
}
}
}
${storeSums('first', 'count')}
}`
}

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
let filter_ = (r * ${kernel[1]}u + s) * 4u * inputQuads;
for (var k = 0u; k < outputQuads; k++) {
${positions((i) => `let a${i} = select(vec4f(0.0), dy_at(at${i}, k), inside${i});`)}
${halves(
  (
    half,
  ) => `${lines(4, (j) => `let b${half}${j} = filters[(filter_ + 4u * quad${half} + ${j}u) * outputQuads + k];`)}
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
${storeSums('first', 'count')}
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
