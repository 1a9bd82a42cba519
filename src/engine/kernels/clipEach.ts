import { hyperStruct, treeSum } from './adamw.ts'

/** Floats that share an entry of the factors: each parameter begins at a multiple of them. */
export const FACTOR_BLOCK = 64

/** Sums of squares of the gradient over spans [begin, end), each within one parameter. Bindings: spans, gradients, sums. */
export const spanSquaresCode = (workgroup: number): string => `
@group(0) @binding(0) var<storage, read> spans: array<vec2u>;
@group(0) @binding(1) var<storage, read> gradients: array<f32>;
@group(0) @binding(2) var<storage, read_write> partial: array<f32>;
var<workgroup> sums: array<f32, ${workgroup}>;

@compute @workgroup_size(${workgroup})
fn main(
  @builtin(workgroup_id) group: vec3u,
  @builtin(num_workgroups) wide: vec3u,
  @builtin(local_invocation_index) lane: u32,
) {
  let at = group.x + group.y * wide.x;
  var sum = 0.0;
  if (at < arrayLength(&spans)) {
    let span = spans[at];
    for (var i = span.x + lane; i < span.y; i += ${workgroup}u) { sum += gradients[i] * gradients[i]; }
  }
  sums[lane] = sum;
  ${treeSum(workgroup)}
  if (lane == 0u && at < arrayLength(&spans)) { partial[at] = sums[0]; }
}`

/**
 * The clip factor min(1, clipNorm / (norm + 1e-6)) of every parameter, written to all its blocks; 1 without clipping. One
 * workgroup for a parameter: its first span, their number, its first block, their number. Bindings: hyperparameters,
 * parameters, sums of the spans, factors.
 */
export const clipEachCode = (workgroup: number): string => `
${hyperStruct(1)}
@group(0) @binding(1) var<storage, read> parameters: array<vec4u>;
@group(0) @binding(2) var<storage, read> partial: array<f32>;
@group(0) @binding(3) var<storage, read_write> factors: array<f32>;
var<workgroup> sums: array<f32, ${workgroup}>;

@compute @workgroup_size(${workgroup})
fn main(@builtin(workgroup_id) group: vec3u, @builtin(local_invocation_index) lane: u32) {
  let parameter = parameters[group.x];
  var sum = 0.0;
  for (var i = lane; i < parameter.y; i += ${workgroup}u) { sum += partial[parameter.x + i]; }
  sums[lane] = sum;
  ${treeSum(workgroup)}
  var factor = 1.0;
  if (hyper.clipNorm > 0.0) { factor = min(1.0, hyper.clipNorm / (sqrt(sums[0]) + 1e-6)); }
  for (var i = lane; i < parameter.w; i += ${workgroup}u) { factors[parameter.z + i] = factor; }
}`
