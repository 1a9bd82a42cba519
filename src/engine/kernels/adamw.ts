/**
 * Hyperparameters as the kernels see them; written by AdamW.prepare. rest = 1 − beta, exact to float32. Every group has
 * corrections of its own, for the steps since it is trained; before that it is left alone.
 */
export const hyperStruct = (groups: number): string => `
struct Group {
  end: u32, trained: u32, rate: f32, keep: f32,
  correction1: f32, correction2: f32, unused1: f32, unused2: f32,
}
struct Hyper {
  beta1: f32, rest1: f32, beta2: f32, rest2: f32,
  epsilon: f32, clipNorm: f32, size: u32, unused: u32,
  groups: array<Group, ${groups}>,
}
@group(0) @binding(0) var<storage, read> hyper: Hyper;`

/** Tree sum of `sums` over the workgroup: the order is fixed, so the bits are too. */
export const treeSum = (workgroup: number): string => `
  workgroupBarrier();
  for (var half = ${workgroup / 2}u; half > 0u; half /= 2u) {
    if (lane < half) { sums[lane] += sums[lane + half]; }
    workgroupBarrier();
  }`

/** Sums of squares of the gradient, one for every span of `span` floats. */
export const normKernelCode = (workgroup: number, span: number): string => `
${hyperStruct(1)}
@group(0) @binding(1) var<storage, read> gradients: array<f32>;
@group(0) @binding(2) var<storage, read_write> partial: array<f32>;
var<workgroup> sums: array<f32, ${workgroup}>;

@compute @workgroup_size(${workgroup})
fn main(@builtin(workgroup_id) group: vec3u, @builtin(local_invocation_index) lane: u32) {
  let begin = group.x * ${span}u;
  let end = min(begin + ${span}u, hyper.size);
  var sum = 0.0;
  for (var i = begin + lane; i < end; i += ${workgroup}u) { sum += gradients[i] * gradients[i]; }
  sums[lane] = sum;
  ${treeSum(workgroup)}
  if (lane == 0u) { partial[group.x] = sums[0]; }
}`

/** Finiteness is read from the exponent bits, because WGSL compilers may assume that there are no NaNs. */
const FINITE = `fn finite(bits: u32) -> bool { return (bits & 0x7f800000u) != 0x7f800000u; }`

/**
 * Closes the latch where a value is not finite. Bindings: the status, then the tensors.
 * @param tensors how many
 */
export const watchKernelCode = (workgroup: number, tensors: number): string => {
  const numbers = Array.from({ length: tensors }, (_, i) => i + 1)
  return `
@group(0) @binding(0) var<storage, read_write> status: array<f32, 4>;
${numbers.map((i) => `@group(0) @binding(${i}) var<storage, read> values${i}: array<u32>;`).join('\n')}
var<workgroup> isBad: atomic<u32>;
${FINITE}

@compute @workgroup_size(${workgroup})
fn main(@builtin(local_invocation_index) lane: u32) {
  ${numbers
    .map(
      (i) => `for (var i = lane; i < arrayLength(&values${i}); i += ${workgroup}u) {
    if (!finite(values${i}[i])) { atomicStore(&isBad, 1u); }
  }`,
    )
    .join('\n  ')}
  workgroupBarrier();
  if (lane == 0u && atomicLoad(&isBad) != 0u) { status[1] = 1.0; }
}`
}

/**
 * From the partial sums the gradient norm, the clip factor min(1, clipNorm / (norm + 1e-6)) and the latch.
 */
export const clipKernelCode = (workgroup: number): string => `
${hyperStruct(1)}
@group(0) @binding(1) var<storage, read> partial: array<f32>;
@group(0) @binding(2) var<storage, read> loss: array<u32>;
@group(0) @binding(3) var<storage, read_write> status: array<f32, 4>;
var<workgroup> sums: array<f32, ${workgroup}>;

${FINITE}

@compute @workgroup_size(${workgroup})
fn main(@builtin(local_invocation_index) lane: u32) {
  var sum = 0.0;
  for (var i = lane; i < arrayLength(&partial); i += ${workgroup}u) { sum += partial[i]; }
  sums[lane] = sum;
  ${treeSum(workgroup)}
  if (lane == 0u) {
    let norm = sqrt(sums[0]);
    status[0] = norm;
    if (!finite(bitcast<u32>(sums[0])) || !finite(loss[0])) { status[1] = 1.0; }
    status[2] = 1.0;
    if (hyper.clipNorm > 0.0) { status[2] = min(1.0, hyper.clipNorm / (norm + 1e-6)); }
  }
}`

/**
 * The update of every parameter, unless the latch is closed.
 * @param block floats that share one of the clip factors bound last; absent where one factor, in the status, is all
 */
export const updateKernelCode = (workgroup: number, groups: number, block?: number): string => `
${hyperStruct(groups)}
@group(0) @binding(1) var<storage, read> status: array<f32, 4>;
@group(0) @binding(2) var<storage, read> gradients: array<f32>;
@group(0) @binding(3) var<storage, read_write> values: array<f32>;
@group(0) @binding(4) var<storage, read_write> firstMoments: array<f32>;
@group(0) @binding(5) var<storage, read_write> secondMoments: array<f32>;
${block === undefined ? '' : '@group(0) @binding(6) var<storage, read> factors: array<f32>;'}

@compute @workgroup_size(${workgroup})
fn main(@builtin(global_invocation_id) id: vec3u, @builtin(num_workgroups) wide: vec3u) {
  let i = id.x + id.y * wide.x * ${workgroup}u;
  if (i >= hyper.size || status[1] != 0.0) { return; }
  var at = 0u;
  while (i >= hyper.groups[at].end) { at++; }
  let group = hyper.groups[at];
  if (group.trained == 0u) { return; }
  let g = gradients[i] * ${block === undefined ? 'status[2]' : `factors[i / ${block}u]`};
  let m = hyper.beta1 * firstMoments[i] + hyper.rest1 * g;
  let v = hyper.beta2 * secondMoments[i] + hyper.rest2 * g * g;
  firstMoments[i] = m;
  secondMoments[i] = v;
  let change = (m / group.correction1) / (sqrt(v / group.correction2) + hyper.epsilon);
  values[i] = values[i] * group.keep - group.rate * change;
}`
