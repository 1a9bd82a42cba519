import { SUM_WORKGROUP, workgroupSumCode } from './reduce.ts'

/** Threads of a workgroup of the softmax cross-entropy kernels. */
export const CROSS_ENTROPY_WORKGROUP = 64

/** What a row is compared with: class numbers in a tensor of that type, or a share for every class. */
export type Targets = 'i32' | 'f32' | 'soft'

const logitsCode = (targets: Targets, temperature: number): string => `
@group(0) @binding(0) var<uniform> sizes: vec4u;
@group(0) @binding(1) var<storage, read> logits: array<f32>;
@group(0) @binding(2) var<storage, read> targets: array<${targets === 'i32' ? 'i32' : 'f32'}>;

/** The logit number i, divided by the temperature. */
fn logitAt(i: u32) -> f32 { return logits[i] * ${1 / temperature}; }

fn targetAt(row: u32, column: u32) -> f32 {
  return ${
    targets === 'soft'
      ? 'targets[row * sizes.y + column]'
      : `select(0.0, 1.0, i32(targets[row]) == i32(column))`
  };
}`

/**
 * For every row and every one of `sizes.z` interleaved parts of its columns: largest logit m, Σ exp(z − m),
 * Σ t (z − m) and Σ t. A thread a part. Bindings: sizes (rows, columns, parts), logits, targets, parts.
 */
export const crossEntropyPartCode = (targets: Targets, temperature: number): string => `
${logitsCode(targets, temperature)}
@group(0) @binding(3) var<storage, read_write> parts: array<vec4f>;

@compute @workgroup_size(${CROSS_ENTROPY_WORKGROUP})
fn main(@builtin(global_invocation_id) id: vec3u, @builtin(num_workgroups) wide: vec3u) {
  let i = id.x + id.y * wide.x * ${CROSS_ENTROPY_WORKGROUP}u;
  if (i >= arrayLength(&parts)) { return; }
  let row = i / sizes.z;
  let base = row * sizes.y;
  let first = i % sizes.z;
  var largest = logitAt(base + first);
  for (var c = first + sizes.z; c < sizes.y; c += sizes.z) { largest = max(largest, logitAt(base + c)); }
  var sums = vec3f(0.0);
  for (var c = first; c < sizes.y; c += sizes.z) {
    let z = logitAt(base + c) - largest;
    let t = targetAt(row, c);
    sums += vec3f(exp(z), t * z, t);
  }
  parts[i] = vec4f(largest, sums);
}`

/**
 * Puts the parts of every row together, to statistics (largest logit M, Σ exp(z − M), Σ t), and adds up the mean over
 * the rows of Σ t · log Σ exp(z − M) − Σ t (z − M). One workgroup. Bindings: sizes, parts, statistics, loss.
 */
export const CROSS_ENTROPY_FINAL_CODE = `
@group(0) @binding(0) var<uniform> sizes: vec4u;
@group(0) @binding(1) var<storage, read> parts: array<vec4f>;
@group(0) @binding(2) var<storage, read_write> statistics: array<vec4f>;
@group(0) @binding(3) var<storage, read_write> loss: array<f32>;
${workgroupSumCode('f32')}

@compute @workgroup_size(${SUM_WORKGROUP})
fn main(@builtin(local_invocation_index) lane: u32) {
  var own = 0.0;
  for (var row = lane; row < sizes.x; row += ${SUM_WORKGROUP}u) {
    let base = row * sizes.z;
    var largest = parts[base].x;
    for (var i = 1u; i < sizes.z; i++) { largest = max(largest, parts[base + i].x); }
    var sums = vec3f(0.0);
    for (var i = 0u; i < sizes.z; i++) {
      let part = parts[base + i];
      let lower = part.x - largest;
      sums += vec3f(part.y * exp(lower), part.z + lower * part.w, part.w);
    }
    statistics[row] = vec4f(largest, sums.x, sums.z, 0.0);
    own += sums.z * log(sums.x) - sums.y;
  }
  let total = workgroupSum(own, lane);
  if (lane == 0u) { loss[0] = total / f32(sizes.x); }
}`

/** d logit = dy (softmax · Σ t − t) / rows / temperature, an element a thread. */
export const crossEntropyGradientCode = (targets: Targets, temperature: number): string => `
${logitsCode(targets, temperature)}
@group(0) @binding(3) var<storage, read> statistics: array<vec4f>;
@group(0) @binding(4) var<storage, read> dy: array<f32>;
@group(0) @binding(5) var<storage, read_write> gradient: array<f32>;

@compute @workgroup_size(${CROSS_ENTROPY_WORKGROUP})
fn main(@builtin(global_invocation_id) id: vec3u, @builtin(num_workgroups) wide: vec3u) {
  let i = id.x + id.y * wide.x * ${CROSS_ENTROPY_WORKGROUP}u;
  if (i >= arrayLength(&logits)) { return; }
  let row = i / sizes.y;
  let known = statistics[row];
  let share = exp(logitAt(i) - known.x) / known.y * known.z;
  gradient[i] = dy[0] * (share - targetAt(row, i % sizes.y)) * ${1 / temperature} / f32(sizes.x);
}`
