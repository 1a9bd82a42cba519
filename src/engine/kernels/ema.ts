import { SUM_WORKGROUP, workgroupSumCode } from './reduce.ts'

/** Threads of a workgroup of the EMA kernels; each has four values at a time. */
export const EMA_WORKGROUP = 64

/**
 * Where the values of quad `i` of the averages lie: the averages are cut into `count` ranges, each of which ends before
 * quad `end` and has its values `shift` quads further on (modulo 2³²). `run` only grows, and so must `i`.
 */
const runsCode = (binding: number, count: number): string => `
struct Run { end: u32, shift: u32, unused1: u32, unused2: u32 }
@group(0) @binding(${binding}) var<uniform> runs: array<Run, ${count}>;
fn valuesOf(i: u32, run: ptr<function, u32>) -> u32 {
  while (i >= runs[*run].end) { *run += 1u; }
  return i + runs[*run].shift;
}`

/**
 * average ← momentum · average + (1 − momentum) · values, four at a time. Bindings: momentum, runs, values, averages;
 * where a latch is obeyed also the averages of before, which are kept, and the optimiser's status.
 */
export const emaCode = (runs: number, latched: boolean): string => `
struct Momentum { keep: f32, rest: f32 }
@group(0) @binding(0) var<storage, read> momentum: Momentum;
${runsCode(1, runs)}
@group(0) @binding(2) var<storage, read> values: array<vec4f>;
@group(0) @binding(3) var<storage, read_write> averages: array<vec4f>;
${
  latched
    ? `@group(0) @binding(4) var<storage, read_write> before: array<vec4f>;
@group(0) @binding(5) var<storage, read> status: array<f32, 4>;`
    : ''
}

@compute @workgroup_size(${EMA_WORKGROUP})
fn main(@builtin(global_invocation_id) id: vec3u, @builtin(num_workgroups) wide: vec3u) {
  let i = id.x + id.y * wide.x * ${EMA_WORKGROUP}u;
  if (i >= arrayLength(&averages)) { return; }
  ${latched ? 'if (status[1] != 0.0) { return; }' : ''}
  var run = 0u;
  let average = averages[i];
  ${latched ? 'before[i] = average;' : ''}
  averages[i] = momentum.keep * average + momentum.rest * values[valuesOf(i, &run)];
}`

/**
 * Sums of (average − value)² and of value², over the quads that each thread has: as many pairs as there are threads.
 * Bindings: runs, values, averages, sums.
 */
export const distanceSumsCode = (runs: number): string => `
${runsCode(0, runs)}
@group(0) @binding(1) var<storage, read> values: array<vec4f>;
@group(0) @binding(2) var<storage, read> averages: array<vec4f>;
@group(0) @binding(3) var<storage, read_write> sums: array<vec2f>;

@compute @workgroup_size(${EMA_WORKGROUP})
fn main(@builtin(global_invocation_id) id: vec3u) {
  var run = 0u;
  var own = vec2f(0.0);
  for (var i = id.x; i < arrayLength(&averages); i += arrayLength(&sums)) {
    let value = values[valuesOf(i, &run)];
    let apart = averages[i] - value;
    own += vec2f(dot(apart, apart), dot(value, value));
  }
  sums[id.x] = own;
}`

/** From the sums of the threads √(Σ (average − value)² / Σ value²). One workgroup. Bindings: sums, distance. */
export const DISTANCE_CODE = `
@group(0) @binding(0) var<storage, read> sums: array<vec2f>;
@group(0) @binding(1) var<storage, read_write> distance: array<f32>;
${workgroupSumCode('vec2f')}

@compute @workgroup_size(${SUM_WORKGROUP})
fn main(@builtin(local_invocation_index) lane: u32) {
  var own = vec2f(0.0);
  for (var i = lane; i < arrayLength(&sums); i += ${SUM_WORKGROUP}u) { own += sums[i]; }
  let all = workgroupSum(own, lane);
  if (lane == 0u) { distance[0] = sqrt(all.x / all.y); }
}`
