/** Threads of a workgroup, a token each. */
export const NEAREST_RANK_WORKGROUP = 64

/**
 * Distance of every token to the nearest of a lower rank in its image, −1 where there is none. The square root of a
 * square is made exact, which WGSL does not promise: whole distances are borders of bins. Bindings: side of the grid,
 * ranks, distances.
 */
export const NEAREST_LOWER_RANK_CODE = `
@group(0) @binding(0) var<uniform> grid: u32;
@group(0) @binding(1) var<storage, read> ranks: array<f32>;
@group(0) @binding(2) var<storage, read_write> distances: array<f32>;

@compute @workgroup_size(${NEAREST_RANK_WORKGROUP})
fn main(@builtin(global_invocation_id) id: vec3u, @builtin(num_workgroups) wide: vec3u) {
  let i = id.x + id.y * wide.x * ${NEAREST_RANK_WORKGROUP}u;
  if (i >= arrayLength(&ranks)) { return; }
  let tokens = grid * grid;
  let first = i / tokens * tokens;
  let token = i - first;
  let own = ranks[i];
  let none = 2u * tokens;
  var nearest = none;
  for (var other = 0u; other < tokens; other++) {
    if (ranks[first + other] < own) {
      let x = max(other % grid, token % grid) - min(other % grid, token % grid);
      let y = max(other / grid, token / grid) - min(other / grid, token / grid);
      nearest = min(nearest, x * x + y * y);
    }
  }
  let root = sqrt(f32(nearest));
  let whole = round(root);
  let distance = select(root, whole, u32(whole) * u32(whole) == nearest);
  distances[i] = select(distance, -1.0, nearest == none);
}`
