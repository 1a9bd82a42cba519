import { SUM_WORKGROUP, workgroupSumCode } from './reduce.ts'

/** The beginning of a kernel with one workgroup a row: WGSL variables `lane`, `row`, `base`. */
const rowStart = (width: number): string => `
@compute @workgroup_size(${SUM_WORKGROUP})
fn main(
  @builtin(workgroup_id) group: vec3u,
  @builtin(num_workgroups) wide: vec3u,
  @builtin(local_invocation_index) lane: u32,
) {
  let row = group.x + group.y * wide.x;
  let base = row * ${width}u;
  if (base >= arrayLength(&x)) { return; }`

/** Loop over the columns of a row, shared out among the threads. */
const forColumns = (width: number, body: string): string =>
  `for (var i = lane; i < ${width}u; i += ${SUM_WORKGROUP}u) { ${body} }`

/**
 * Layer norm of rows: y = (x − mean) / √(variance + ε) · weight + bias. Also writes each row's mean and 1 / √(variance + ε),
 * for the gradient. The variance is summed in a second pass over the row: E[x²] − E[x]² loses all digits far from 0.
 */
export const layerNormCode = (width: number, epsilon: number): string => `
@group(0) @binding(0) var<storage, read> x: array<f32>;
@group(0) @binding(1) var<storage, read> weight: array<f32>;
@group(0) @binding(2) var<storage, read> bias: array<f32>;
@group(0) @binding(3) var<storage, read_write> y: array<f32>;
@group(0) @binding(4) var<storage, read_write> statistics: array<vec2f>;
${workgroupSumCode('f32')}
${rowStart(width)}
  var sum = 0.0;
  ${forColumns(width, 'sum += x[base + i];')}
  let mean = workgroupSum(sum, lane) / ${width}.0;
  var squares = 0.0;
  ${forColumns(width, 'let off = x[base + i] - mean; squares += off * off;')}
  let scale = 1.0 / sqrt(workgroupSum(squares, lane) / ${width}.0 + ${epsilon});
  ${forColumns(width, 'y[base + i] = (x[base + i] - mean) * scale * weight[i] + bias[i];')}
  if (lane == 0u) { statistics[row] = vec2f(mean, scale); }
}`

/** dx = scale · (g − mean(g) − x̂ · mean(g · x̂)) with g = dy · weight and x̂ the normalised x, one workgroup a row. */
export const layerNormInputGradientCode = (width: number): string => `
@group(0) @binding(0) var<storage, read> x: array<f32>;
@group(0) @binding(1) var<storage, read> weight: array<f32>;
@group(0) @binding(2) var<storage, read> statistics: array<vec2f>;
@group(0) @binding(3) var<storage, read> dy: array<f32>;
@group(0) @binding(4) var<storage, read_write> dx: array<f32>;
${workgroupSumCode('vec2f')}
${rowStart(width)}
  let mean = statistics[row].x;
  let scale = statistics[row].y;
  var sums = vec2f(0.0);
  ${forColumns(
    width,
    `let g = dy[base + i] * weight[i]; sums += vec2f(g, g * (x[base + i] - mean) * scale);`,
  )}
  let means = workgroupSum(sums, lane) / ${width}.0;
  ${forColumns(
    width,
    `let normal = (x[base + i] - mean) * scale;
    dx[base + i] = scale * (dy[base + i] * weight[i] - means.x - normal * means.y);`,
  )}
}`

/** Columns of a workgroup of `layerNormPartialCode`. */
export const PARTIAL_COLUMNS = 64

/**
 * Sums of dy · x̂ and dy, the gradients of weight and bias, over the rows that each layer of workgroups in y has:
 * [layers, 2 width].
 */
export const layerNormPartialCode = (width: number): string => `
@group(0) @binding(0) var<storage, read> x: array<f32>;
@group(0) @binding(1) var<storage, read> statistics: array<vec2f>;
@group(0) @binding(2) var<storage, read> dy: array<f32>;
@group(0) @binding(3) var<storage, read_write> sums: array<f32>;

@compute @workgroup_size(${PARTIAL_COLUMNS})
fn main(@builtin(global_invocation_id) id: vec3u, @builtin(num_workgroups) wide: vec3u) {
  let column = id.x;
  if (column >= ${width}u) { return; }
  let rows = arrayLength(&statistics);
  let block = (rows + wide.y - 1u) / wide.y;
  let end = min((id.y + 1u) * block, rows);
  var weightSum = 0.0;
  var biasSum = 0.0;
  for (var row = id.y * block; row < end; row++) {
    let d = dy[row * ${width}u + column];
    weightSum += d * (x[row * ${width}u + column] - statistics[row].x) * statistics[row].y;
    biasSum += d;
  }
  sums[id.y * ${2 * width}u + column] = weightSum;
  sums[id.y * ${2 * width}u + ${width}u + column] = biasSum;
}`

/** Adds the partial sums: the first half of the columns to dweight, the second to dbias. */
export const layerNormFinalCode = (width: number): string => `
@group(0) @binding(0) var<storage, read> sums: array<f32>;
@group(0) @binding(1) var<storage, read_write> dweight: array<f32>;
@group(0) @binding(2) var<storage, read_write> dbias: array<f32>;

@compute @workgroup_size(${PARTIAL_COLUMNS})
fn main(@builtin(global_invocation_id) id: vec3u) {
  let column = id.x;
  if (column >= ${width}u) { return; }
  var weightSum = 0.0;
  var biasSum = 0.0;
  for (var at = column; at < arrayLength(&sums); at += ${2 * width}u) {
    weightSum += sums[at];
    biasSum += sums[at + ${width}u];
  }
  dweight[column] = weightSum;
  dbias[column] = biasSum;
}`
