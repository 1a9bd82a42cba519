/** Threads of a workgroup of the kernels of unit vectors; each has a row. */
export const NORMALISE_WORKGROUP = 64

const rowStart = (rows: string): string => `
@compute @workgroup_size(${NORMALISE_WORKGROUP})
fn main(@builtin(global_invocation_id) id: vec3u, @builtin(num_workgroups) wide: vec3u) {
  let row = id.x + id.y * wide.x * ${NORMALISE_WORKGROUP}u;
  if (row >= ${rows}) { return; }`

/** 1 / max(length, ε) of a row whose squares have a sum. */
const inverseLengthCode = (epsilon: number): string => `
fn inverseLength(squares: f32) -> f32 { return 1.0 / max(sqrt(squares), ${epsilon}); }`

/**
 * y = x / max(|x|, ε) for every row, a thread a row. Bindings: width, x, y.
 * @param type vec4f where the width is a multiple of 4 (the width then counts quads), else f32
 */
export const normaliseCode = (type: 'f32' | 'vec4f', epsilon: number): string => `
@group(0) @binding(0) var<uniform> width: u32;
@group(0) @binding(1) var<storage, read> x: array<${type}>;
@group(0) @binding(2) var<storage, read_write> y: array<${type}>;
${inverseLengthCode(epsilon)}
${rowStart('arrayLength(&x) / width')}
  let base = row * width;
  var squares = 0.0;
  for (var i = base; i < base + width; i++) { squares += ${type === 'f32' ? 'x[i] * x[i]' : 'dot(x[i], x[i])'}; }
  let scale = inverseLength(squares);
  for (var i = base; i < base + width; i++) { y[i] = x[i] * scale; }
}`

/**
 * dx = (dy − y (y · dy)) / |x|, or dy / ε where |x| ≤ ε, a thread a row. Bindings: width, x, dy, dx.
 */
export const normaliseGradientCode = (type: 'f32' | 'vec4f', epsilon: number): string => `
@group(0) @binding(0) var<uniform> width: u32;
@group(0) @binding(1) var<storage, read> x: array<${type}>;
@group(0) @binding(2) var<storage, read> dy: array<${type}>;
@group(0) @binding(3) var<storage, read_write> dx: array<${type}>;
${inverseLengthCode(epsilon)}
${rowStart('arrayLength(&x) / width')}
  let base = row * width;
  var sums = vec2f(0.0);
  for (var i = base; i < base + width; i++) {
    sums += ${type === 'f32' ? 'vec2f(x[i] * x[i], x[i] * dy[i])' : 'vec2f(dot(x[i], x[i]), dot(x[i], dy[i]))'};
  }
  let scale = inverseLength(sums.x);
  let along = select(0.0, sums.y * scale * scale, sqrt(sums.x) > ${epsilon});
  for (var i = base; i < base + width; i++) { dx[i] = (dy[i] - x[i] * along) * scale; }
}`

/**
 * |x̂ − t̂|² of every row of x and row (number of the row modulo the rows of t) of t, with x̂ = x / max(|x|, ε); a thread a
 * row. Beside it (for the gradient) 1 / max(|x|, ε), 1 / max(|t|, ε), and x̂ · t̂, or 1 where x is not longer than ε: there
 * the length of x̂ is free. Bindings: width, x, t, partial (loss, 1), statistics.
 */
export const cosineLossCode = (epsilon: number): string => `
@group(0) @binding(0) var<uniform> width: u32;
@group(0) @binding(1) var<storage, read> x: array<f32>;
@group(0) @binding(2) var<storage, read> t: array<f32>;
@group(0) @binding(3) var<storage, read_write> partial: array<vec2f>;
@group(0) @binding(4) var<storage, read_write> statistics: array<vec4f>;
${inverseLengthCode(epsilon)}
${rowStart('arrayLength(&partial)')}
  let base = row * width;
  let other = base % arrayLength(&t);
  var squares = vec2f(0.0);
  for (var i = 0u; i < width; i++) {
    squares += vec2f(x[base + i] * x[base + i], t[other + i] * t[other + i]);
  }
  let scales = vec2f(inverseLength(squares.x), inverseLength(squares.y));
  var apart = 0.0;
  var along = 0.0;
  for (var i = 0u; i < width; i++) {
    let unit = x[base + i] * scales.x;
    let wanted = t[other + i] * scales.y;
    apart += (unit - wanted) * (unit - wanted);
    along += unit * wanted;
  }
  partial[row] = vec2f(apart, 1.0);
  let long = sqrt(squares.x) > ${epsilon};
  statistics[row] = vec4f(scales, select(1.0, along, long), 0.0);
}`

/**
 * dx = 2 dy ((x̂ · t̂) x̂ − t̂) / |x| · scale, an element a thread. Bindings: width, x, t, statistics, scale (1 / rows), dy,
 * dx.
 */
export const COSINE_LOSS_GRADIENT_CODE = `
@group(0) @binding(0) var<uniform> width: u32;
@group(0) @binding(1) var<storage, read> x: array<f32>;
@group(0) @binding(2) var<storage, read> t: array<f32>;
@group(0) @binding(3) var<storage, read> statistics: array<vec4f>;
@group(0) @binding(4) var<storage, read> scale: array<f32>;
@group(0) @binding(5) var<storage, read> dy: array<f32>;
@group(0) @binding(6) var<storage, read_write> dx: array<f32>;

@compute @workgroup_size(${NORMALISE_WORKGROUP})
fn main(@builtin(global_invocation_id) id: vec3u, @builtin(num_workgroups) wide: vec3u) {
  let i = id.x + id.y * wide.x * ${NORMALISE_WORKGROUP}u;
  if (i >= arrayLength(&x)) { return; }
  let known = statistics[i / width];
  let pull = known.z * x[i] * known.x - t[i % arrayLength(&t)] * known.y;
  dx[i] = 2.0 * dy[0] * pull * known.x * scale[0];
}`
