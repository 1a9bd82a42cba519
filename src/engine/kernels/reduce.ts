/** Threads of a workgroup that sums with `workgroupSumCode`. */
export const SUM_WORKGROUP = 64

/**
 * WGSL `workgroupSum(value, lane)`: the sum over a workgroup of 64 threads, for all of them, in a fixed order. Two
 * stages of eight cost two barriers where a tree costs six.
 * @param type f32, vec2f or vec4f
 */
export const workgroupSumCode = (type: string): string => `
var<workgroup> laneValues: array<${type}, 64>;
var<workgroup> eighths: array<${type}, 8>;

fn workgroupSum(value: ${type}, lane: u32) -> ${type} {
  laneValues[lane] = value;
  workgroupBarrier();
  if (lane < 8u) {
    var sum = laneValues[8u * lane];
    for (var i = 1u; i < 8u; i++) { sum += laneValues[8u * lane + i]; }
    eighths[lane] = sum;
  }
  workgroupBarrier();
  var total = eighths[0];
  for (var i = 1u; i < 8u; i++) { total += eighths[i]; }
  return total;
}`
