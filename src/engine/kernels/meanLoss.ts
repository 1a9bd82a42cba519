import { SUM_WORKGROUP, workgroupSumCode } from './reduce.ts'

/** Threads of a workgroup of the loss kernels. */
export const LOSS_WORKGROUP = 64

/** How one element of a prediction p is compared with its target t, and the derivative in p, in WGSL. */
export interface LossTerm {
  /** Names the term with its numbers. */
  readonly name: string
  readonly value: string
  readonly slope: string
}

/** (p − t)² */
export const SQUARE: LossTerm = {
  name: 'square',
  value: '(p - t) * (p - t)',
  slope: '2.0 * (p - t)',
}

/** p · t */
export const PRODUCT: LossTerm = { name: 'product', value: 'p * t', slope: 't' }

/** |p − t|; its derivative is 0 where p = t */
export const ABSOLUTE: LossTerm = { name: 'absolute', value: 'abs(p - t)', slope: 'sign(p - t)' }

/** |d| (2 sigmoid(α |d|) − 1) = |d| tanh(α |d| / 2) with d = p − t */
export function focalTerm(alpha: number): LossTerm {
  // Beyond 10, tanh is 1 in float32; not every adapter's tanh survives arguments that are much larger.
  const bend = `tanh(min(${alpha / 2} * abs(p - t), 10.0))`
  return {
    name: `focal ${alpha}`,
    value: `abs(p - t) * ${bend}`,
    slope: `sign(p - t) * (${bend} + ${alpha / 2} * abs(p - t) * (1.0 - ${bend} * ${bend}))`,
  }
}

/** −t log σ(p) − (1 − t) log(1 − σ(p)), in the form that stays finite for any p */
export const BINARY: LossTerm = {
  name: 'binary',
  value: 'max(p, 0.0) - p * t + log(1.0 + exp(-abs(p)))',
  slope: 'select(exp(-abs(p)), 1.0, p >= 0.0) / (1.0 + exp(-abs(p))) - t',
}

/** The weights and how many elements each is for, from `binding` on. */
const weightsCode = (binding: number, weighted: boolean): string =>
  weighted
    ? `@group(0) @binding(${binding}) var<storage, read> weights: array<f32>;
@group(0) @binding(${binding + 1}) var<uniform> share: u32;`
    : ''
const weightAt = (weighted: boolean): string => (weighted ? 'weights[i / share]' : '1.0')

/**
 * Sums of weight · term and of the weights, over the elements that each thread has: as many pairs as there are
 * threads. Bindings: prediction, target, partial; where there are weights, these and the number of elements to a weight.
 */
export const lossPartialCode = (term: LossTerm, weighted: boolean): string => `
@group(0) @binding(0) var<storage, read> prediction: array<f32>;
@group(0) @binding(1) var<storage, read> target_: array<f32>;
@group(0) @binding(2) var<storage, read_write> partial: array<vec2f>;
${weightsCode(3, weighted)}

@compute @workgroup_size(${LOSS_WORKGROUP})
fn main(@builtin(global_invocation_id) id: vec3u) {
  let threads = arrayLength(&partial);
  var sums = vec2f(0.0);
  for (var i = id.x; i < arrayLength(&prediction); i += threads) {
    let p = prediction[i];
    let t = target_[i];
    let w = ${weightAt(weighted)};
    sums += vec2f(w * (${term.value}), w);
  }
  partial[id.x] = sums;
}`

/**
 * From the partial sums the loss Σ weight · term / (Σ weight + ε), and beside it 1 / (Σ weight + ε) for the gradient.
 * One workgroup.
 */
export const lossFinalCode = (epsilon: number): string => `
@group(0) @binding(0) var<storage, read> partial: array<vec2f>;
@group(0) @binding(1) var<storage, read_write> loss: array<f32>;
@group(0) @binding(2) var<storage, read_write> scale: array<f32>;
${workgroupSumCode('vec2f')}

@compute @workgroup_size(${SUM_WORKGROUP})
fn main(@builtin(local_invocation_index) lane: u32) {
  var own = vec2f(0.0);
  for (var i = lane; i < arrayLength(&partial); i += ${SUM_WORKGROUP}u) { own += partial[i]; }
  let sums = workgroupSum(own, lane);
  if (lane == 0u) {
    loss[0] = sums.x / (sums.y + ${epsilon});
    scale[0] = 1.0 / (sums.y + ${epsilon});
  }
}`

/** d prediction = dy · weight · term′ / (Σ weight + ε), an element a thread. */
export const lossGradientCode = (term: LossTerm, weighted: boolean): string => `
@group(0) @binding(0) var<storage, read> prediction: array<f32>;
@group(0) @binding(1) var<storage, read> target_: array<f32>;
@group(0) @binding(2) var<storage, read> scale: array<f32>;
@group(0) @binding(3) var<storage, read> dy: array<f32>;
@group(0) @binding(4) var<storage, read_write> gradient: array<f32>;
${weightsCode(5, weighted)}

@compute @workgroup_size(${LOSS_WORKGROUP})
fn main(@builtin(global_invocation_id) id: vec3u, @builtin(num_workgroups) wide: vec3u) {
  let i = id.x + id.y * wide.x * ${LOSS_WORKGROUP}u;
  if (i >= arrayLength(&prediction)) { return; }
  let p = prediction[i];
  let t = target_[i];
  gradient[i] = dy[0] * scale[0] * ${weightAt(weighted)} * (${term.slope});
}`
