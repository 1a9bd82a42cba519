/**
 * Copies as many floats as `to` has, unless the latch is closed. Bindings: the optimiser's status, what is copied, where
 * to.
 */
export const latchedCopyCode = (workgroup: number): string => `
@group(0) @binding(0) var<storage, read> status: array<f32, 4>;
@group(0) @binding(1) var<storage, read> source: array<f32>;
@group(0) @binding(2) var<storage, read_write> to: array<f32>;

@compute @workgroup_size(${workgroup})
fn main(@builtin(global_invocation_id) id: vec3u, @builtin(num_workgroups) wide: vec3u) {
  let i = id.x + id.y * wide.x * ${workgroup}u;
  if (i >= arrayLength(&to) || status[1] != 0.0) { return; }
  to[i] = source[i];
}`
