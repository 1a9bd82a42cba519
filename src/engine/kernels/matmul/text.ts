/** Lines made from 0 … count − 1. */
export const lines = (count: number, line: (i: number) => string): string =>
  Array.from({ length: count }, (_, i) => line(i)).join('\n')

/** WGSL `NAME_at(row, quad)`: the values 4 quad … 4 quad + 3 of a row of a stored matrix, 0 beyond its width. */
export const loadCode = (name: string, width: string, aligned: boolean): string =>
  aligned
    ? `fn ${name}_at(row: u32, quad: u32) -> vec4f { return ${name}[row * (${width} / 4u) + quad]; }`
    : `fn ${name}_at(row: u32, quad: u32) -> vec4f {
  let first = 4u * quad;
  let at = row * ${width} + first;
  let inside = vec4u(first) + vec4u(0u, 1u, 2u, 3u) < vec4u(${width});
  return select(vec4f(0.0), vec4f(${name}[at], ${name}[at + 1u], ${name}[at + 2u], ${name}[at + 3u]), inside);
}`

/** WGSL `a_outer(k, end, quad)`: the values of a at inner index k, 0 from `end` on; for an a that is stored along its rows. */
export const A_OUTER_CODE = `fn a_outer(k: u32, end: u32, quad: u32) -> vec4f {
  return select(vec4f(0.0), a_at(min(k, sizes.depth - 1u), quad), k < end);
}`

/** WGSL `store_NAME(row, quad, value)`: writes what lies within the width. */
export const storeCode = (name: string, width: string, aligned: boolean): string =>
  aligned
    ? `fn store_${name}(row: u32, quad: u32, value: vec4f) { ${name}[row * (${width} / 4u) + quad] = value; }`
    : `fn store_${name}(row: u32, quad: u32, value: vec4f) {
  for (var j = 0u; j < 4u; j++) {
    let column = 4u * quad + j;
    if (column < ${width}) { ${name}[row * ${width} + column] = value[j]; }
  }
}`
