import { teamSumCode } from './reduce.ts'

/** Threads of a workgroup that counts pairs, a value each. */
export const PAIRS_WORKGROUP = 64
/** Threads of the one workgroup that adds everything up. */
const TOTAL_WORKGROUP = 256

/**
 * For every value with label 1: twice the number of values with label 0 that are smaller, and once those that are equal;
 * 0 for a value with label 0. Bindings: logits, labels, wins.
 */
export const PAIR_WINS_CODE = `
@group(0) @binding(0) var<storage, read> logits: array<f32>;
@group(0) @binding(1) var<storage, read> labels: array<f32>;
@group(0) @binding(2) var<storage, read_write> wins: array<u32>;

@compute @workgroup_size(${PAIRS_WORKGROUP})
fn main(@builtin(global_invocation_id) id: vec3u, @builtin(num_workgroups) wide: vec3u) {
  let i = id.x + id.y * wide.x * ${PAIRS_WORKGROUP}u;
  let count = arrayLength(&logits);
  if (i >= count) { return; }
  var won = 0u;
  if (labels[i] == 1.0) {
    let own = logits[i];
    for (var j = 0u; j < count; j++) {
      let beaten = select(0u, 1u, logits[j] < own) + select(0u, 1u, logits[j] <= own);
      won += select(beaten, 0u, labels[j] == 1.0);
    }
  }
  wins[i] = won;
}`

/**
 * The shares that the op detectionStatistics tells, in one workgroup and a fixed order. Bindings: logits, labels, wins,
 * and the three results.
 */
export const DETECTION_TOTALS_CODE = `
@group(0) @binding(0) var<storage, read> logits: array<f32>;
@group(0) @binding(1) var<storage, read> labels: array<f32>;
@group(0) @binding(2) var<storage, read> wins: array<u32>;
@group(0) @binding(3) var<storage, read_write> area: array<f32>;
@group(0) @binding(4) var<storage, read_write> balanced: array<f32>;
@group(0) @binding(5) var<storage, read_write> positives: array<f32>;
${teamSumCode('vec2f', TOTAL_WORKGROUP, TOTAL_WORKGROUP)}

@compute @workgroup_size(${TOTAL_WORKGROUP})
fn main(@builtin(local_invocation_index) lane: u32) {
  let count = arrayLength(&logits);
  var won = 0u;
  var found = 0u;
  var truePositives = 0u;
  var falsePositives = 0u;
  for (var i = lane; i < count; i += ${TOTAL_WORKGROUP}u) {
    let one = labels[i] == 1.0;
    let said = logits[i] > 0.0;
    won += wins[i];
    found += select(0u, 1u, one);
    truePositives += select(0u, 1u, one && said);
    falsePositives += select(0u, 1u, !one && said);
  }
  let sums = teamSum(vec2f(f32(won), f32(found)), lane);
  let said = teamSum(vec2f(f32(truePositives), f32(falsePositives)), lane);
  if (lane == 0u) {
    let ones = sums.y;
    let zeros = f32(count) - ones;
    let known = ones > 0.0 && zeros > 0.0;
    let pairs = max(ones * zeros, 1.0);
    area[0] = select(0.5, 0.5 * sums.x / pairs, known);
    let right = said.x / max(ones, 1.0) + 1.0 - said.y / max(zeros, 1.0);
    balanced[0] = select(0.5, 0.5 * right, known);
    positives[0] = ones;
  }
}`
