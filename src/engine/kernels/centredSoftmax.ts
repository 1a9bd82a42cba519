import { SUM_WORKGROUP, workgroupSumCode } from './reduce.ts'

/**
 * Softmax of every row of (logits − centre) / temperature, shifted by its largest entry; one workgroup a row, in a fixed
 * order. Bindings: (rows, columns), logits, centre, temperature, result.
 */
export const CENTRED_SOFTMAX_CODE = `
@group(0) @binding(0) var<uniform> sizes: vec2u;
@group(0) @binding(1) var<storage, read> logits: array<f32>;
@group(0) @binding(2) var<storage, read> centre: array<f32>;
@group(0) @binding(3) var<storage, read> temperature: array<f32>;
@group(0) @binding(4) var<storage, read_write> result: array<f32>;
var<workgroup> largestOf: array<f32, ${SUM_WORKGROUP}>;
${workgroupSumCode('f32')}

@compute @workgroup_size(${SUM_WORKGROUP})
fn main(
  @builtin(workgroup_id) group: vec3u,
  @builtin(num_workgroups) wide: vec3u,
  @builtin(local_invocation_index) lane: u32,
) {
  let row = group.x + group.y * wide.x;
  if (row >= sizes.x) { return; }
  let columns = sizes.y;
  let base = row * columns;
  // A lane without a column of its own takes the first one.
  var largest = logits[base] - centre[0];
  for (var c = lane; c < columns; c += ${SUM_WORKGROUP}u) {
    largest = max(largest, logits[base + c] - centre[c]);
  }
  largestOf[lane] = largest;
  workgroupBarrier();
  for (var i = 0u; i < ${SUM_WORKGROUP}u; i++) { largest = max(largest, largestOf[i]); }
  var own = 0.0;
  for (var c = lane; c < columns; c += ${SUM_WORKGROUP}u) {
    let power = exp((logits[base + c] - centre[c] - largest) / temperature[0]);
    result[base + c] = power;
    own += power;
  }
  let total = workgroupSum(own, lane);
  for (var c = lane; c < columns; c += ${SUM_WORKGROUP}u) { result[base + c] /= total; }
}`
