/** Columns that a workgroup sums. */
export const COLUMNS = 64

/**
 * Column sums of a matrix [rows, width], one row of sums for every `block` rows: [ceil(rows / block), width]. A thread
 * adds its column from top to bottom, so the bits are always the same.
 */
export const columnSumCode = (width: number, block: number): string => `
@group(0) @binding(0) var<storage, read> matrix: array<f32>;
@group(0) @binding(1) var<storage, read_write> sums: array<f32>;

@compute @workgroup_size(${COLUMNS})
fn main(@builtin(global_invocation_id) id: vec3u) {
  let column = id.x;
  if (column >= ${width}u) { return; }
  let begin = id.y * ${block}u;
  let end = min(begin + ${block}u, arrayLength(&matrix) / ${width}u);
  var sum = 0.0;
  for (var row = begin; row < end; row++) { sum += matrix[row * ${width}u + column]; }
  sums[id.y * ${width}u + column] = sum;
}`
