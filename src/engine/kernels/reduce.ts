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

/** Threads of a team that `teamSumCode` sums over in one stage. */
const ONE_STAGE = 16

/**
 * WGSL `teamSum(value, lane)`: the sum over the team of a thread, for every member, in a fixed order. A workgroup of
 * `threads` is cut into teams of `team` neighbours; large teams sum in two stages. It may be called again at once.
 * @param type f32 or vec2f
 * @param team a power of 2 that divides `threads`
 */
export function teamSumCode(type: string, threads: number, team: number): string {
  const part = team <= ONE_STAGE ? 1 : team / ONE_STAGE
  const add = (count: number, first: string): string => `
  var sum = memberValues[${first}];
  for (var i = 1u; i < ${count}u; i++) { sum += memberValues[${first} + i]; }`
  return `
var<workgroup> memberValues: array<${type}, ${threads}>;

fn teamSum(value: ${type}, lane: u32) -> ${type} {
  memberValues[lane] = value;
  workgroupBarrier();
  ${
    part === 1
      ? ''
      : `{
    // Every member adds one part of its team; the parts take the place of the first values of the team.
    ${add(part, `lane / ${team}u * ${team}u + lane % ${ONE_STAGE}u * ${part}u`)}
    workgroupBarrier();
    if (lane % ${team}u < ${ONE_STAGE}u) { memberValues[lane] = sum; }
    workgroupBarrier();
  }`
  }
  ${add(Math.min(team, ONE_STAGE), `lane / ${team}u * ${team}u`)}
  workgroupBarrier();
  return sum;
}`
}
