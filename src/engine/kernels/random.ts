import { NORMAL_CODE } from '../normalTable.ts'
import { MULTIPLIER_0, MULTIPLIER_1, ROUNDS, WEYL_0, WEYL_1 } from '../random.ts'

/** Threads of a workgroup of the random number kernels. */
export const RANDOM_WORKGROUP = 64

/** WGSL `philox(counter, key)`: Philox 4x32-10. WGSL has no 64-bit products, so the high half is built from quarters. */
const PHILOX_CODE = `
fn highProduct(a: u32, b: u32) -> u32 {
  let low = (a & 0xffffu) * (b & 0xffffu);
  let middle = (a >> 16u) * (b & 0xffffu) + (low >> 16u);
  let middleLow = (middle & 0xffffu) + (a & 0xffffu) * (b >> 16u);
  return (a >> 16u) * (b >> 16u) + (middle >> 16u) + (middleLow >> 16u);
}

fn philox(counter: vec4u, key: vec2u) -> vec4u {
  var c = counter;
  var k = key;
  for (var round = 0u; round < ${ROUNDS}u; round++) {
    c = vec4u(
      highProduct(${MULTIPLIER_1}u, c.z) ^ c.y ^ k.x,
      ${MULTIPLIER_1}u * c.z,
      highProduct(${MULTIPLIER_0}u, c.x) ^ c.w ^ k.y,
      ${MULTIPLIER_0}u * c.x,
    );
    k += vec2u(${WEYL_0}u, ${WEYL_1}u);
  }
  return c;
}`

/** What random words become. */
export type Draw = 'uniform' | 'normal' | 'bernoulli' | 'word'

const VALUES: Record<Draw, string> = {
  // 24 bits, which a float32 holds exactly.
  uniform: `f32(word >> 8u) * ${2 ** -24}`,
  normal: 'normalOf(word)',
  bernoulli: 'select(0.0, 1.0, (word >> 8u) < plan.limit)',
  word: 'word',
}

/**
 * Random values: value j of sample s comes from word j of the sequence at (seed, stream, step, first + s), four to a
 * thread. Bindings: clock (seed, low and high half of the step), plan, result, for normal numbers their table.
 */
export const randomCode = (draw: Draw): string => `
struct Plan { stream: u32, first: u32, size: u32, limit: u32 }
@group(0) @binding(0) var<storage, read> clock: vec4u;
@group(0) @binding(1) var<uniform> plan: Plan;
@group(0) @binding(2) var<storage, read_write> result: array<${draw === 'word' ? 'u32' : 'f32'}>;
${draw === 'normal' ? '@group(0) @binding(3) var<storage, read> normalTable: array<vec4u>;' : ''}
${PHILOX_CODE}
${draw === 'normal' ? NORMAL_CODE : ''}

@compute @workgroup_size(${RANDOM_WORKGROUP})
fn main(@builtin(global_invocation_id) id: vec3u, @builtin(num_workgroups) wide: vec3u) {
  let i = id.x + id.y * wide.x * ${RANDOM_WORKGROUP}u;
  let blocks = (plan.size + 3u) / 4u;
  let sample = i / blocks;
  let block = i % blocks;
  let base = sample * plan.size;
  if (base >= arrayLength(&result)) { return; }
  let counter = vec4u(block, clock.y, clock.z, plan.first + sample);
  let words = philox(counter, vec2u(clock.x, plan.stream));
  for (var j = 0u; j < 4u; j++) {
    let at = 4u * block + j;
    if (at < plan.size) {
      let word = words[j];
      result[base + at] = ${VALUES[draw]};
    }
  }
}`

/**
 * Sorts the indices of every row by their keys, equal keys by index: a thread counts the keys that come before its own.
 * Bindings: length of a row, keys, order (index by rank), rank (by index).
 */
export const RANK_CODE = `
@group(0) @binding(0) var<uniform> length: u32;
@group(0) @binding(1) var<storage, read> keys: array<u32>;
@group(0) @binding(2) var<storage, read_write> order: array<i32>;
@group(0) @binding(3) var<storage, read_write> rank: array<i32>;

@compute @workgroup_size(${RANDOM_WORKGROUP})
fn main(@builtin(global_invocation_id) id: vec3u, @builtin(num_workgroups) wide: vec3u) {
  let i = id.x + id.y * wide.x * ${RANDOM_WORKGROUP}u;
  if (i >= arrayLength(&keys)) { return; }
  let index = i % length;
  let base = i - index;
  let key = keys[i];
  var before = 0u;
  for (var j = 0u; j < index; j++) { before += select(0u, 1u, keys[base + j] <= key); }
  for (var j = index + 1u; j < length; j++) { before += select(0u, 1u, keys[base + j] < key); }
  rank[i] = i32(before);
  order[base + before] = i32(index);
}`
