/** Threads of a workgroup, a row each. */
export const STANDARDISE_WORKGROUP = 64

/**
 * (x − mean) / √(variance + ε) of every row, with the sum of squares divided by width − 1. The mean is taken from the
 * first value on, so that a row of one value gives exactly 0. Bindings: width, x, y.
 */
export const standardiseCode = (epsilon: number): string => `
@group(0) @binding(0) var<uniform> width: u32;
@group(0) @binding(1) var<storage, read> x: array<f32>;
@group(0) @binding(2) var<storage, read_write> y: array<f32>;

@compute @workgroup_size(${STANDARDISE_WORKGROUP})
fn main(@builtin(global_invocation_id) id: vec3u, @builtin(num_workgroups) wide: vec3u) {
  let first = (id.x + id.y * wide.x * ${STANDARDISE_WORKGROUP}u) * width;
  if (first >= arrayLength(&x)) { return; }
  let end = first + width;
  var sum = 0.0;
  for (var i = first; i < end; i++) { sum += x[i] - x[first]; }
  let mean = x[first] + sum / f32(width);
  var squares = 0.0;
  for (var i = first; i < end; i++) { squares += (x[i] - mean) * (x[i] - mean); }
  let scale = 1.0 / sqrt(squares / f32(width - 1u) + ${epsilon});
  for (var i = first; i < end; i++) { y[i] = (x[i] - mean) * scale; }
}`
