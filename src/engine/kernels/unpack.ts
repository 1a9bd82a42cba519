/** Threads of a workgroup of the unpacking kernel, a value each. */
export const UNPACK_WORKGROUP = 64

/** Bytes, four to a word, to floats. */
export const UNPACK_CODE = `
@group(0) @binding(0) var<storage, read> words: array<u32>;
@group(0) @binding(1) var<storage, read_write> values: array<f32>;

@compute @workgroup_size(${UNPACK_WORKGROUP})
fn main(@builtin(global_invocation_id) id: vec3u, @builtin(num_workgroups) wide: vec3u) {
  let i = id.x + id.y * wide.x * ${UNPACK_WORKGROUP}u;
  if (i >= arrayLength(&values)) { return; }
  values[i] = f32((words[i / 4u] >> (8u * (i % 4u))) & 0xffu);
}`
