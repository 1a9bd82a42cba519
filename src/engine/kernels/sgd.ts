/** Floats before the groups. */
export const SGD_HYPER_FLOATS = 4

/**
 * The update of every parameter by SGD with momentum, an element a thread. `size` and the ends of the groups are whole
 * numbers in the bits of floats. Bindings: hyper, gradients, values, velocity.
 */
export const sgdKernelCode = (workgroup: number, groups: number): string => `
struct Group { end: u32, rate: f32, decay: f32, unused: f32 }
struct Hyper {
  momentum: f32, size: u32, unused1: u32, unused2: u32,
  groups: array<Group, ${groups}>,
}
@group(0) @binding(0) var<storage, read> hyper: Hyper;
@group(0) @binding(1) var<storage, read> gradients: array<f32>;
@group(0) @binding(2) var<storage, read_write> values: array<f32>;
@group(0) @binding(3) var<storage, read_write> velocity: array<f32>;

@compute @workgroup_size(${workgroup})
fn main(@builtin(global_invocation_id) id: vec3u, @builtin(num_workgroups) wide: vec3u) {
  let i = id.x + id.y * wide.x * ${workgroup}u;
  if (i >= hyper.size) { return; }
  var group = 0u;
  while (i >= hyper.groups[group].end) { group++; }
  let pull = gradients[i] + hyper.groups[group].decay * values[i];
  let v = hyper.momentum * velocity[i] + pull;
  velocity[i] = v;
  values[i] = values[i] - hyper.groups[group].rate * v;
}`
