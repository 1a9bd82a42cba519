/** Threads of a workgroup of the token kernels. */
export const TOKEN_WORKGROUP = 64

/** What a token kernel is made for. */
export interface TokenPlan {
  /** What a thread moves: vec4f where the width of a token is a multiple of 4, else f32. */
  readonly type: 'vec4f' | 'f32'
  /** How the indices are stored. */
  readonly indices: 'i32' | 'f32'
}

/** sizes: images, tokens of an image, indices of a row, width of a token in units of the type. */
const header = ({ type, indices }: TokenPlan, source: string, result: string): string => `
@group(0) @binding(0) var<uniform> sizes: vec4u;
@group(0) @binding(1) var<storage, read> indices: array<${indices}>;
@group(0) @binding(2) var<storage, read> ${source}: array<${type}>;
@group(0) @binding(3) var<storage, read_write> ${result}: array<${type}>;`

const main = (result: string): string => `
@compute @workgroup_size(${TOKEN_WORKGROUP})
fn main(@builtin(global_invocation_id) id: vec3u, @builtin(num_workgroups) wide: vec3u) {
  let i = id.x + id.y * wide.x * ${TOKEN_WORKGROUP}u;
  if (i >= arrayLength(&${result})) { return; }
  let column = i % sizes.w;`

/**
 * places[r, k] = tokens[r mod images, indices[r, k]], or 0 where there is no such token. Bindings: sizes, indices,
 * tokens, places.
 */
export const gatherTokensCode = (plan: TokenPlan): string => `
${header(plan, 'tokens', 'places')}
${main('places')}
  let place = i / sizes.w;
  let image = (place / sizes.z) % sizes.x;
  let token = i32(indices[place]);
  if (token >= 0 && token < i32(sizes.y)) {
    places[i] = tokens[(image * sizes.y + u32(token)) * sizes.w + column];
  } else {
    places[i] = ${plan.type}(0.0);
  }
}`

/**
 * tokens[b, n] = sum of places[r, k] over all r = b (mod images) and k with indices[r, k] = n, in the order of r and k;
 * where there is none, 0 or, with a filling, the fill token. A thread looks through the indices of its image, so there
 * are no atomics. Bindings: sizes, indices, places, tokens; with a filling the fill token and, to be written, 1 for
 * every filled token and 0 for the others.
 */
export const scatterTokensCode = (plan: TokenPlan, filled: boolean): string => `
${header(plan, 'places', 'tokens')}
${
  filled
    ? `@group(0) @binding(4) var<storage, read> fill: array<${plan.type}>;
@group(0) @binding(5) var<storage, read_write> isFilled: array<f32>;`
    : ''
}
${main('tokens')}
  let image = i / sizes.w / sizes.y;
  let token = i32((i / sizes.w) % sizes.y);
  let rows = arrayLength(&indices) / sizes.z;
  var sum = ${plan.type}(0.0);
  var found = false;
  for (var row = image; row < rows; row += sizes.x) {
    let first = row * sizes.z;
    for (var place = first; place < first + sizes.z; place++) {
      if (i32(indices[place]) == token) {
        sum += places[place * sizes.w + column];
        found = true;
      }
    }
  }
  ${
    filled
      ? `tokens[i] = select(fill[column], sum, found);
  if (column == 0u) { isFilled[i / sizes.w] = select(1.0, 0.0, found); }`
      : 'tokens[i] = sum;'
  }
}`

/**
 * Sums of the gradients of filled tokens, over the rows that each layer of workgroups in y has: [layers, width].
 * Bindings: width, isFilled, dy, sums.
 */
export const FILL_GRADIENT_CODE = `
@group(0) @binding(0) var<uniform> width: u32;
@group(0) @binding(1) var<storage, read> isFilled: array<f32>;
@group(0) @binding(2) var<storage, read> dy: array<f32>;
@group(0) @binding(3) var<storage, read_write> sums: array<f32>;

@compute @workgroup_size(${TOKEN_WORKGROUP})
fn main(@builtin(global_invocation_id) id: vec3u, @builtin(num_workgroups) wide: vec3u) {
  let column = id.x;
  if (column >= width) { return; }
  let rows = arrayLength(&isFilled);
  let block = (rows + wide.y - 1u) / wide.y;
  let end = min((id.y + 1u) * block, rows);
  var sum = 0.0;
  for (var row = id.y * block; row < end; row++) { sum += isFilled[row] * dy[row * width + column]; }
  sums[id.y * width + column] = sum;
}`
