/** Threads of a workgroup: rows, or columns for the gradients of weight and bias. */
export const ALONE_ROWS = 64
export const ALONE_COLUMNS = 8

/** How many columns are read at once: the kernels serve all widths that this divides. */
export type Lanes = 1 | 4

const typeOf = (lanes: Lanes): string => (lanes === 4 ? 'vec4f' : 'f32')
/** WGSL for the mean over a row, from its sum by lanes. */
const meanOf = (lanes: Lanes, sum: string): string =>
  lanes === 4 ? `dot(${sum}, vec4f(1.0)) / width` : `${sum} / width`

/**
 * The beginning of a kernel with a thread a row: WGSL variables `row`, `base`, `width`. The length of a row comes from a
 * uniform, because some drivers would unroll a loop of known length.
 */
const rowStart = (lanes: Lanes): string => `
@group(0) @binding(0) var<uniform> units: u32;

@compute @workgroup_size(${ALONE_ROWS})
fn main(@builtin(global_invocation_id) id: vec3u, @builtin(num_workgroups) wide: vec3u) {
  let row = id.x + id.y * wide.x * ${ALONE_ROWS}u;
  if (row >= arrayLength(&statistics)) { return; }
  let base = row * units;
  let width = f32(${lanes}u * units);`

const forUnits = (body: string): string => `for (var i = 0u; i < units; i++) { ${body} }`

/** As `layerNormCode`, a thread a row. Bindings: units a row (uniform), then the same. */
export const layerNormAloneCode = (lanes: Lanes, epsilon: number): string => `
@group(0) @binding(1) var<storage, read> x: array<${typeOf(lanes)}>;
@group(0) @binding(2) var<storage, read> weight: array<${typeOf(lanes)}>;
@group(0) @binding(3) var<storage, read> bias: array<${typeOf(lanes)}>;
@group(0) @binding(4) var<storage, read_write> y: array<${typeOf(lanes)}>;
@group(0) @binding(5) var<storage, read_write> statistics: array<vec2f>;
${rowStart(lanes)}
  var sum = ${typeOf(lanes)}(0.0);
  ${forUnits('sum += x[base + i];')}
  let mean = ${meanOf(lanes, 'sum')};
  var squares = ${typeOf(lanes)}(0.0);
  ${forUnits('let off = x[base + i] - mean; squares += off * off;')}
  let scale = 1.0 / sqrt(${meanOf(lanes, 'squares')} + ${epsilon});
  ${forUnits('y[base + i] = (x[base + i] - mean) * scale * weight[i] + bias[i];')}
  statistics[row] = vec2f(mean, scale);
}`

/** dx as in `layerNormGradientCode`, a thread a row. Bindings: units a row, x, weight, statistics, dy, dx, dskip. */
export const layerNormAloneGradientCode = (lanes: Lanes, skip: boolean): string => `
@group(0) @binding(1) var<storage, read> x: array<${typeOf(lanes)}>;
@group(0) @binding(2) var<storage, read> weight: array<${typeOf(lanes)}>;
@group(0) @binding(3) var<storage, read> statistics: array<vec2f>;
@group(0) @binding(4) var<storage, read> dy: array<${typeOf(lanes)}>;
@group(0) @binding(5) var<storage, read_write> dx: array<${typeOf(lanes)}>;
${skip ? `@group(0) @binding(6) var<storage, read> dskip: array<${typeOf(lanes)}>;` : ''}
${rowStart(lanes)}
  let mean = statistics[row].x;
  let scale = statistics[row].y;
  var sum = ${typeOf(lanes)}(0.0);
  var product = ${typeOf(lanes)}(0.0);
  ${forUnits(`let g = dy[base + i] * weight[i];
    sum += g;
    product += g * ((x[base + i] - mean) * scale);`)}
  let sumMean = ${meanOf(lanes, 'sum')};
  let productMean = ${meanOf(lanes, 'product')};
  ${forUnits(`let normal = (x[base + i] - mean) * scale;
    dx[base + i] = scale * (dy[base + i] * weight[i] - sumMean - normal * productMean)${skip ? ' + dskip[base + i]' : ''};`)}
}`

/**
 * dweight = Σ dy · x̂ and dbias = Σ dy over all rows, a thread a column: neighbours read neighbours. Bindings: width
 * (uniform), x, statistics, dy, dweight, dbias.
 */
export const LAYER_NORM_ALONE_PARAMETERS_CODE = `
@group(0) @binding(0) var<uniform> width: u32;
@group(0) @binding(1) var<storage, read> x: array<f32>;
@group(0) @binding(2) var<storage, read> statistics: array<vec2f>;
@group(0) @binding(3) var<storage, read> dy: array<f32>;
@group(0) @binding(4) var<storage, read_write> dweight: array<f32>;
@group(0) @binding(5) var<storage, read_write> dbias: array<f32>;

@compute @workgroup_size(${ALONE_COLUMNS})
fn main(@builtin(global_invocation_id) id: vec3u) {
  let column = id.x;
  if (column >= width) { return; }
  var weightSum = 0.0;
  var biasSum = 0.0;
  for (var row = 0u; row < arrayLength(&statistics); row++) {
    let d = dy[row * width + column];
    weightSum += d * (x[row * width + column] - statistics[row].x) * statistics[row].y;
    biasSum += d;
  }
  dweight[column] = weightSum;
  dbias[column] = biasSum;
}`
