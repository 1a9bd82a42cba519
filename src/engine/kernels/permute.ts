/** Threads of a workgroup of the permuting kernel, an element each. */
export const PERMUTE_WORKGROUP = 64

/**
 * y = x with its axes in another order. The sizes are part of the code, so that the divisions are by constants.
 * @param axes axis of x for every axis of y
 */
export function permuteCode(shape: readonly number[], axes: readonly number[]): string {
  const strides = shape.map((_, axis) => shape.slice(axis + 1).reduce((a, b) => a * b, 1))
  // Neighbours in x that stay neighbours in y are counted as one axis.
  const groups: { size: number; stride: number }[] = []
  axes.forEach((axis) => {
    if (shape[axis] === 1) return
    const [size, stride] = [shape[axis]!, strides[axis]!]
    const last = groups.at(-1)
    if (last?.stride === stride * size) groups.splice(-1, 1, { size: last.size * size, stride })
    else groups.push({ size, stride })
  })
  const terms: string[] = []
  let inner = 1
  for (const [index, { size, stride }] of [...groups.entries()].reverse()) {
    const place = inner === 1 ? 'i' : `(i / ${inner}u)`
    const coordinate = index === 0 ? place : `(${place} % ${size}u)`
    terms.push(stride === 1 ? coordinate : `${coordinate} * ${stride}u`)
    inner *= size
  }
  return `
@group(0) @binding(0) var<storage, read> x: array<f32>;
@group(0) @binding(1) var<storage, read_write> y: array<f32>;

@compute @workgroup_size(${PERMUTE_WORKGROUP})
fn main(@builtin(global_invocation_id) id: vec3u, @builtin(num_workgroups) wide: vec3u) {
  let i = id.x + id.y * wide.x * ${PERMUTE_WORKGROUP}u;
  if (i >= arrayLength(&y)) { return; }
  y[i] = x[${terms.reverse().join(' + ') || '0u'}];
}`
}
