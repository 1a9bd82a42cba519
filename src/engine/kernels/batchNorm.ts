/** Columns of a workgroup of the batch norm kernels; a thread has one column and one block of rows. */
export const BATCH_NORM_COLUMNS = 64

/** What a batch norm kernel is made for. */
export interface BatchNormPlan {
  readonly epsilon: number
  /** Whether there are weight and bias. */
  readonly affine: boolean
  /** Whether negative results become 0. */
  readonly relu: boolean
  /** Whether something is added before that; then `relu` is true. */
  readonly skip: boolean
}

/** The beginning of a kernel whose layers of workgroups in y share out the rows: `column`, `rows`, `block`, `begin`, `end`. */
const start = (matrix: string): string => `
@compute @workgroup_size(${BATCH_NORM_COLUMNS})
fn main(@builtin(global_invocation_id) id: vec3u, @builtin(num_workgroups) wide: vec3u) {
  let column = id.x;
  if (column >= width) { return; }
  let rows = arrayLength(&${matrix}) / width;
  let block = (rows + wide.y - 1u) / wide.y;
  let begin = min(id.y * block, rows);
  let end = min(begin + block, rows);`

const forRows = (body: string): string =>
  `for (var i = begin * width + column; i < end * width; i += width) { ${body} }`

const scaleCode = (epsilon: number): string => `
fn scaleOf(variance: f32) -> f32 { return 1.0 / sqrt(variance + ${epsilon}); }`

/**
 * Mean, and sum of squared distances from it, of every column in every block of rows: [blocks, width]. Two passes over
 * the block, because E[x²] − E[x]² loses all digits far from 0. Bindings: width, x, moments.
 */
export const BATCH_MOMENTS_CODE = `
@group(0) @binding(0) var<uniform> width: u32;
@group(0) @binding(1) var<storage, read> x: array<f32>;
@group(0) @binding(2) var<storage, read_write> moments: array<vec2f>;
${start('x')}
  var sum = 0.0;
  ${forRows('sum += x[i];')}
  let mean = sum / f32(max(end - begin, 1u));
  var squares = 0.0;
  ${forRows('squares += (x[i] - mean) * (x[i] - mean);')}
  moments[id.y * width + column] = vec2f(mean, squares);
}`

/**
 * Puts the moments of the blocks together (every thread for itself: that is no more to read than its own rows) and
 * normalises: y = (x − mean) / √(variance + ε) · weight + bias, or with relu max(0, that + skip). Bindings: width, x, moments,
 * y, mean, variance; weight and bias where it is affine; skip where there is one.
 */
export const batchNormCode = ({ epsilon, affine, relu, skip }: BatchNormPlan): string => `
@group(0) @binding(0) var<uniform> width: u32;
@group(0) @binding(1) var<storage, read> x: array<f32>;
@group(0) @binding(2) var<storage, read> moments: array<vec2f>;
@group(0) @binding(3) var<storage, read_write> y: array<f32>;
@group(0) @binding(4) var<storage, read_write> means: array<f32>;
@group(0) @binding(5) var<storage, read_write> variances: array<f32>;
${affineBindings(6, affine)}
${skip ? `@group(0) @binding(${affine ? 8 : 6}) var<storage, read> skip: array<f32>;` : ''}
${scaleCode(epsilon)}
${start('x')}
  var sum = 0.0;
  for (var b = 0u; b < wide.y; b++) {
    let count = min((b + 1u) * block, rows) - min(b * block, rows);
    sum += f32(count) * moments[b * width + column].x;
  }
  let mean = sum / f32(rows);
  var squares = 0.0;
  for (var b = 0u; b < wide.y; b++) {
    let count = min((b + 1u) * block, rows) - min(b * block, rows);
    let part = moments[b * width + column];
    squares += part.y + f32(count) * (part.x - mean) * (part.x - mean);
  }
  let variance = squares / f32(rows);
  let scale = scaleOf(variance);
  ${forRows(`let value = ${valueCode({ affine, skip }, 'mean', 'scale')};
    y[i] = ${activated(relu)};`)}
  if (id.y == 0u) {
    means[column] = mean;
    variances[column] = variance;
  }
}`

/** What x is made before ReLU. */
const valueCode = (
  { affine, skip }: Pick<BatchNormPlan, 'affine' | 'skip'>,
  mean: string,
  scale: string,
): string =>
  `(x[i] - ${mean}) * ${scale}${affine ? ' * weight[column] + bias[column]' : ''}${skip ? ' + skip[i]' : ''}`

const activated = (relu: boolean): string => (relu ? 'select(value, 0.0, value < 0.0)' : 'value')

const affineBindings = (binding: number, affine: boolean): string =>
  affine
    ? `@group(0) @binding(${binding}) var<storage, read> weight: array<f32>;
@group(0) @binding(${binding + 1}) var<storage, read> bias: array<f32>;`
    : ''

/** The gradient of what was normalised: with relu it is 0 where y is. */
const upstream = (relu: boolean): string => (relu ? 'select(0.0, dy[i], y[i] > 0.0)' : 'dy[i]')

/**
 * Sums of g and g · x̂ of every column over every block of rows, with g the gradient of what was normalised, and beside
 * them the column's mean and 1 / √(variance + ε), so that the next kernel needs fewer bindings. Bindings: width, x, mean,
 * variance, dy, sums; y with relu; dskip with skip, to which g is written.
 */
export const batchNormSumsCode = ({ epsilon, relu, skip }: BatchNormPlan): string => `
@group(0) @binding(0) var<uniform> width: u32;
@group(0) @binding(1) var<storage, read> x: array<f32>;
@group(0) @binding(2) var<storage, read> means: array<f32>;
@group(0) @binding(3) var<storage, read> variances: array<f32>;
@group(0) @binding(4) var<storage, read> dy: array<f32>;
@group(0) @binding(5) var<storage, read_write> sums: array<vec4f>;
${relu ? '@group(0) @binding(6) var<storage, read> y: array<f32>;' : ''}
${skip ? '@group(0) @binding(7) var<storage, read_write> dskip: array<f32>;' : ''}
${scaleCode(epsilon)}
${start('x')}
  let mean = means[column];
  let scale = scaleOf(variances[column]);
  var sum = vec2f(0.0);
  ${forRows(`let g = ${upstream(relu)};
    sum += vec2f(g, g * (x[i] - mean) * scale);${skip ? ' dskip[i] = g;' : ''}`)}
  sums[id.y * width + column] = vec4f(sum, mean, scale);
}`

/** What the gradient of the input takes into account. */
export interface BatchNormGradientPlan extends Pick<BatchNormPlan, 'affine' | 'relu'> {
  /** Whether the statistics were given, so that they do not depend on x. */
  readonly kept: boolean
}

/**
 * dx = weight / √(variance + ε) · (g − Σ g / rows − x̂ Σ (g x̂) / rows), or with given statistics weight / √(variance + ε) · g;
 * dweight = Σ g x̂, dbias = Σ g. Bindings: width, x, dy, sums, dx; weight, dweight and dbias where it is affine; y with relu.
 */
export const batchNormGradientCode = ({ affine, relu, kept }: BatchNormGradientPlan): string => `
@group(0) @binding(0) var<uniform> width: u32;
@group(0) @binding(1) var<storage, read> x: array<f32>;
@group(0) @binding(2) var<storage, read> dy: array<f32>;
@group(0) @binding(3) var<storage, read> sums: array<vec4f>;
@group(0) @binding(4) var<storage, read_write> dx: array<f32>;
${
  affine
    ? `@group(0) @binding(5) var<storage, read> weight: array<f32>;
@group(0) @binding(6) var<storage, read_write> dweight: array<f32>;
@group(0) @binding(7) var<storage, read_write> dbias: array<f32>;`
    : ''
}
${relu ? `@group(0) @binding(${affine ? 8 : 5}) var<storage, read> y: array<f32>;` : ''}
${start('x')}
  var sum = vec2f(0.0);
  for (var b = 0u; b < wide.y; b++) { sum += sums[b * width + column].xy; }
  let mean = sums[column].z;
  let scale = sums[column].w;
  let all = sum / f32(rows);
  let factor = scale${affine ? ' * weight[column]' : ''};
  ${forRows(`dx[i] = factor * (${upstream(relu)}${kept ? '' : ' - all.x - (x[i] - mean) * scale * all.y'});`)}
  ${
    affine
      ? `if (id.y == 0u) {
    dweight[column] = sum.y;
    dbias[column] = sum.x;
  }`
      : ''
  }
}`

/**
 * y = (x − mean) / √(variance + ε) · weight + bias with given statistics, or with relu max(0, that + skip), an element a
 * thread. Bindings: x, mean, variance, y; weight and bias where it is affine; skip where there is one.
 */
export const batchNormInferenceCode = ({ epsilon, affine, relu, skip }: BatchNormPlan): string => `
@group(0) @binding(0) var<storage, read> x: array<f32>;
@group(0) @binding(1) var<storage, read> means: array<f32>;
@group(0) @binding(2) var<storage, read> variances: array<f32>;
@group(0) @binding(3) var<storage, read_write> y: array<f32>;
${affineBindings(4, affine)}
${skip ? `@group(0) @binding(${affine ? 6 : 4}) var<storage, read> skip: array<f32>;` : ''}
${scaleCode(epsilon)}

@compute @workgroup_size(${BATCH_NORM_COLUMNS})
fn main(@builtin(global_invocation_id) id: vec3u, @builtin(num_workgroups) wide: vec3u) {
  let i = id.x + id.y * wide.x * ${BATCH_NORM_COLUMNS}u;
  if (i >= arrayLength(&x)) { return; }
  let column = i % arrayLength(&means);
  let value = ${valueCode({ affine, skip }, 'means[column]', 'scaleOf(variances[column])')};
  y[i] = ${activated(relu)};
}`

/**
 * Running statistics: (1 − momentum) · old + momentum · new, the variance made unbiased first. A thread a column.
 * @param momentum null where a binding after the others has it
 */
export const runningStatisticsCode = (momentum: number | null, rows: number): string => `
@group(0) @binding(0) var<storage, read> means: array<f32>;
@group(0) @binding(1) var<storage, read> variances: array<f32>;
@group(0) @binding(2) var<storage, read> oldMeans: array<f32>;
@group(0) @binding(3) var<storage, read> oldVariances: array<f32>;
@group(0) @binding(4) var<storage, read_write> newMeans: array<f32>;
@group(0) @binding(5) var<storage, read_write> newVariances: array<f32>;
${momentum === null ? '@group(0) @binding(6) var<storage, read> momentum: f32;' : `const momentum = f32(${momentum});`}

@compute @workgroup_size(${BATCH_NORM_COLUMNS})
fn main(@builtin(global_invocation_id) id: vec3u) {
  let i = id.x;
  if (i >= arrayLength(&means)) { return; }
  newMeans[i] = (1.0 - momentum) * oldMeans[i] + momentum * means[i];
  let unbiased = variances[i] * ${rows / Math.max(1, rows - 1)};
  newVariances[i] = (1.0 - momentum) * oldVariances[i] + momentum * unbiased;
}`
