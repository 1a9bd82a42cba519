/** Threads of a workgroup: they share a row in the teams' variant, and have a row each in the other. */
export const NEAREST_TEAM = 256
export const NEAREST_ALONE = 16

/** Threads whose candidates are compared in one stage: `NEAREST_TEAM` is its square. */
const PART = 16

/**
 * Similarities are compared as whole numbers, which every adapter does alike: WGSL may treat NaN and the sign of zero as
 * it likes. `keyOf` keeps their order; NaN comes last, and both zeros are equal.
 */
const KEY_CODE = `
fn keyOf(bits: u32) -> u32 {
  let size = bits & 0x7fffffffu;
  if (size > 0x7f800000u) { return 0u; }
  if (size == 0u) { return 0x80000000u; }
  return select(~bits, bits | 0x80000000u, bits == size);
}`

/** `sizes`: rows, stored columns, candidates (the first columns), k. Numbers are moved as bits. */
const BINDINGS = `
@group(0) @binding(0) var<uniform> sizes: vec4u;
@group(0) @binding(1) var<storage, read> similarities: array<u32>;
@group(0) @binding(2) var<storage, read_write> values: array<u32>;
@group(0) @binding(3) var<storage, read_write> indices: array<f32>;
${KEY_CODE}`

/**
 * The k largest of every row, in order, a thread a row: an insertion into the sorted list of the best so far, which lies
 * where the result will be. Bindings: see `BINDINGS`.
 */
export const NEAREST_ALONE_CODE = `
${BINDINGS}

@compute @workgroup_size(${NEAREST_ALONE})
fn main(@builtin(global_invocation_id) id: vec3u, @builtin(num_workgroups) wide: vec3u) {
  let row = id.x + id.y * wide.x * ${NEAREST_ALONE}u;
  if (row >= sizes.x) { return; }
  let base = row * sizes.y;
  let list = row * sizes.w;
  var found = 0u;
  var last = 0u;
  for (var column = 0u; column < sizes.z; column++) {
    let bits = similarities[base + column];
    let key = keyOf(bits);
    // An equal one that came earlier stays before this one.
    if (found == sizes.w && key <= last) { continue; }
    var place = min(found, sizes.w - 1u);
    while (place > 0u && keyOf(values[list + place - 1u]) < key) {
      values[list + place] = values[list + place - 1u];
      indices[list + place] = indices[list + place - 1u];
      place--;
    }
    values[list + place] = bits;
    indices[list + place] = f32(column);
    found = min(found + 1u, sizes.w);
    last = keyOf(values[list + found - 1u]);
  }
}`

/**
 * The same, a workgroup a row. Every thread keeps the best of its columns that was not picked; the best of all is picked
 * in two stages, and the thread whose it was looks for its next. Bindings: see `BINDINGS`.
 */
export const NEAREST_TEAM_CODE = `
${BINDINGS}

/** A candidate: key, column. Larger keys come first, then lower columns. */
fn before(a: vec2u, b: vec2u) -> bool { return a.x > b.x || (a.x == b.x && a.y < b.y); }

const NONE = vec2u(0u, 0xffffffffu);

var<workgroup> best: array<vec2u, ${NEAREST_TEAM}>;
var<workgroup> bestOfPart: array<vec2u, ${PART}>;

@compute @workgroup_size(${NEAREST_TEAM})
fn main(
  @builtin(workgroup_id) group: vec3u,
  @builtin(num_workgroups) wide: vec3u,
  @builtin(local_invocation_index) lane: u32,
) {
  let row = group.x + group.y * wide.x;
  if (row >= sizes.x) { return; }
  let base = row * sizes.y;
  var picked = NONE;
  for (var place = 0u; place < sizes.w; place++) {
    if (place == 0u || picked.y % ${NEAREST_TEAM}u == lane) {
      var next = NONE;
      for (var column = lane; column < sizes.z; column += ${NEAREST_TEAM}u) {
        let candidate = vec2u(keyOf(similarities[base + column]), column);
        if ((place == 0u || before(picked, candidate)) && before(candidate, next)) { next = candidate; }
      }
      best[lane] = next;
    }
    workgroupBarrier();
    if (lane < ${PART}u) {
      var part = best[lane * ${PART}u];
      for (var i = 1u; i < ${PART}u; i++) {
        let other = best[lane * ${PART}u + i];
        if (before(other, part)) { part = other; }
      }
      bestOfPart[lane] = part;
    }
    workgroupBarrier();
    picked = bestOfPart[0];
    for (var i = 1u; i < ${PART}u; i++) {
      if (before(bestOfPart[i], picked)) { picked = bestOfPart[i]; }
    }
    if (lane == 0u) {
      values[row * sizes.w + place] = similarities[base + picked.y];
      indices[row * sizes.w + place] = f32(picked.y);
    }
  }
}`
