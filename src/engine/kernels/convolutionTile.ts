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

/** 0 … count − 1 */
export const range = (count: number): number[] => Array.from({ length: count }, (_, i) => i)
/** `count` lines of code. */
export const lines = (count: number, line: (i: number) => string): string =>
  range(count).map(line).join('\n')
/** A line for each quad of a tile. */
export const halves = (line: (half: number) => string): string => lines(TILE_QUADS, line)
/** A line for each position of a tile. */
export const positions = (line: (i: number) => string): string => lines(TILE_POSITIONS, line)

/** The sizes of a layer, and how many quads hold its channels. `chunk` is used by the filter gradient alone. */
export const SIZES_CODE = `
struct Sizes {
  images: u32, height: u32, width: u32, inputs: u32,
  outHeight: u32, outWidth: u32, outputs: u32, chunk: u32,
}
@group(0) @binding(0) var<uniform> sizes: Sizes;

fn quads(channels: u32) -> u32 { return (channels + 3u) / 4u; }`

/** What a tensor's binding holds. */
export const typeOf = (aligned: boolean): string => (aligned ? 'vec4f' : 'f32')

/** `NAME_at(position, quad)`: four channels at a position, 0 beyond the last. */
export const loadCode = (name: string, channels: string, aligned: boolean): string =>
  aligned
    ? `fn ${name}_at(position: u32, quad: u32) -> vec4f { return ${name}[position * (${channels} / 4u) + quad]; }`
    : `fn ${name}_at(position: u32, quad: u32) -> vec4f {
  let at = position * ${channels} + 4u * quad;
  let inside = vec4u(4u * quad) + vec4u(0u, 1u, 2u, 3u) < vec4u(${channels});
  return select(vec4f(0.0), vec4f(${name}[at], ${name}[at + 1u], ${name}[at + 2u], ${name}[at + 3u]), inside);
}`

/** `store(position, quad, value)`: four channels at a position, as many as there are. */
export const storeCode = (name: string, channels: string, aligned: boolean): string =>
  aligned
    ? `fn store(position: u32, quad: u32, value: vec4f) { ${name}[position * (${channels} / 4u) + quad] = value; }`
    : `fn store(position: u32, quad: u32, value: vec4f) {
  for (var j = 0u; j < 4u; j++) {
    let channel = 4u * quad + j;
    if (channel < ${channels}) { ${name}[position * ${channels} + channel] = value[j]; }
  }
}`

/** The beginning of a kernel whose neighbouring threads have neighbouring tiles of `channels`: quad0, quad1, tile. */
export const tileStart = (channels: string): string => `
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

/** The sums of a tile, `sum00` (row, half) and so on. */
export const sumsCode = (rows: number, start: (half: number) => string): string =>
  halves((half) => lines(rows, (i) => `var sum${i}${half} = ${start(half)};`))

/** Stores the sums of the tile's positions, of which the one numbered `first` and those after it must be below `count`. */
export const STORE_SUMS_CODE = positions(
  (i) => `if (first + ${i}u < count) {
store(position${i}, quad0, sum${i}0);
if (quad0 + 1u < across) { store(position${i}, quad0 + 1u, sum${i}1); }
}`,
)
