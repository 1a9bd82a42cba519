/** Threads of a workgroup, a bin each. */
export const BINS_WORKGROUP = 64

/**
 * Sums and counts of the values of every bin, for every block of values (workgroups in y): result[block][0 | 1][bin]. A
 * thread goes over all values of its block and adds those of its bin in their order. Bindings: number of bins, values,
 * bins, result.
 */
export const BINNED_SUMS_CODE = `
@group(0) @binding(0) var<uniform> count: u32;
@group(0) @binding(1) var<storage, read> values: array<f32>;
@group(0) @binding(2) var<storage, read> bins: array<f32>;
@group(0) @binding(3) var<storage, read_write> result: array<f32>;

@compute @workgroup_size(${BINS_WORKGROUP})
fn main(@builtin(global_invocation_id) id: vec3u, @builtin(num_workgroups) wide: vec3u) {
  if (id.x >= count) { return; }
  let block = (arrayLength(&values) + wide.y - 1u) / wide.y;
  let end = min((id.y + 1u) * block, arrayLength(&values));
  let bin = f32(id.x);
  var sum = 0.0;
  var found = 0.0;
  for (var i = id.y * block; i < end; i++) {
    if (bins[i] == bin) {
      sum += values[i];
      found += 1.0;
    }
  }
  result[2u * id.y * count + id.x] = sum;
  result[(2u * id.y + 1u) * count + id.x] = found;
}`
