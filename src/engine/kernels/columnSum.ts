/** Columns that a workgroup sums. */
export const COLUMNS = 64

/**
 * Column sums of a matrix [rows, width], one row of sums for every layer of workgroups in y, among which the rows are
 * shared out. A thread adds its column from top to bottom, so the bits are always the same.
 */
export const COLUMN_SUM_CODE = `
@group(0) @binding(0) var<uniform> width: u32;
@group(0) @binding(1) var<storage, read> matrix: array<f32>;
@group(0) @binding(2) var<storage, read_write> sums: array<f32>;

@compute @workgroup_size(${COLUMNS})
fn main(@builtin(global_invocation_id) id: vec3u, @builtin(num_workgroups) wide: vec3u) {
  let column = id.x;
  if (column >= width) { return; }
  let rows = arrayLength(&matrix) / width;
  let block = (rows + wide.y - 1u) / wide.y;
  let end = min((id.y + 1u) * block, rows);
  var sum = 0.0;
  for (var row = id.y * block; row < end; row++) { sum += matrix[row * width + column]; }
  sums[id.y * width + column] = sum;
}`
