/** Threads of a workgroup. */
export const SUM_LAYERS_WORKGROUP = 64

/**
 * Sums the layers of `tensors` stacks of matrices, a value a thread, always from the first layer to the last. Bindings:
 * the number of layers and the size of a layer of each stack (uniform), the stacks, the sums.
 */
export const sumLayersCode = (tensors: number): string => {
  const all = Array.from({ length: tensors }, (_, i) => i)
  return `
struct Sizes { layers: u32, ${all.map((i) => `size${i}: u32`).join(', ')} }
@group(0) @binding(0) var<uniform> sizes: Sizes;
${all
  .map(
    (i) => `@group(0) @binding(${1 + i}) var<storage, read> stack${i}: array<f32>;
@group(0) @binding(${1 + tensors + i}) var<storage, read_write> sum${i}: array<f32>;`,
  )
  .join('\n')}

@compute @workgroup_size(${SUM_LAYERS_WORKGROUP})
fn main(@builtin(global_invocation_id) id: vec3u, @builtin(num_workgroups) wide: vec3u) {
  var i = id.x + id.y * wide.x * ${SUM_LAYERS_WORKGROUP}u;
${all
  .map(
    (n) => `  if (i < sizes.size${n}) {
    var sum = 0.0;
    for (var layer = 0u; layer < sizes.layers; layer++) { sum += stack${n}[layer * sizes.size${n} + i]; }
    sum${n}[i] = sum;
    return;
  }
  i -= sizes.size${n};`,
  )
  .join('\n')}
}`
}
