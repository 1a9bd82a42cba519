import { BINARY, inOrder, operandsOf, UNARY, type Expression } from './expression.ts'

/** Threads of a workgroup of fused kernels. */
export const FUSED_WORKGROUP = 64

/** Where the elements of an input lie, seen from the elements of the result. */
export interface Reading {
  /** WGSL for the first element (in units of `lanes`) that belongs to result number `i` (in units of `lanes`). */
  readonly at: string
  /** One element for all lanes. */
  readonly splat: boolean
}

/**
 * How an input is read that is spread over the result by numpy's rules.
 * @param lanes results that a thread computes, 1 or 4
 * @returns null where four lanes would need elements that do not lie together
 */
export function readingOf(
  shape: readonly number[],
  result: readonly number[],
  lanes: number,
): Reading | null {
  const sides = [...Array.from({ length: result.length - shape.length }, () => 1), ...shape]
  if (sides.length !== result.length || sides.some((side, i) => side !== 1 && side !== result[i]))
    throw new Error(`[${shape.join()}] does not spread over [${result.join()}]`)
  // Neighbouring axes that are spread, or not, together count as one.
  const axes: { size: number; spread: boolean }[] = []
  result.forEach((size, i) => {
    if (size === 1) return
    const spread = sides[i] === 1
    const last = axes.at(-1)
    if (last?.spread === spread) last.size *= size
    else axes.push({ size, spread })
  })
  if (axes.every(({ spread }) => spread)) return { at: '0u', splat: true }
  const inner = axes.at(-1)!
  if (inner.size % lanes !== 0) return null
  // From here on the innermost axis is counted in units of `lanes`.
  inner.size /= lanes
  let [stride, within] = [1, 1]
  const terms: string[] = []
  for (const [index, { size, spread }] of [...axes.entries()].reverse()) {
    if (!spread) {
      const place = stride === 1 ? 'i' : `(i / ${stride}u)`
      const coordinate = index === 0 ? place : `(${place} % ${size}u)`
      terms.push(within === 1 ? coordinate : `${coordinate} * ${within}u`)
      within *= size
    }
    stride *= size
  }
  return { at: terms.reverse().join(' + '), splat: inner.spread }
}

/**
 * A kernel that computes expressions for every element: bindings first the inputs that are used, then the results.
 * @param used indices of the inputs that the expressions use, in the order of the bindings
 */
export function fusedCode(
  expressions: readonly Expression[],
  used: readonly number[],
  readings: readonly Reading[],
  lanes: number,
): string {
  const type = lanes === 4 ? 'vec4f' : 'f32'
  const names = new Map<Expression, string>()
  const known = new Map<string, string>()
  const lines: string[] = []
  for (const part of inOrder(expressions)) {
    const code = codeOf(part, names)
    // The same formula written twice is computed once.
    let name = known.get(code)
    if (name === undefined) {
      known.set(code, (name = `v${known.size}`))
      lines.push(`  let ${name} = ${code};`)
    }
    names.set(part, name)
  }
  const inputs = used.map((index, binding) => {
    const element = readings[index]!.splat ? 'f32' : type
    return `@group(0) @binding(${binding}) var<storage, read> x${index}: array<${element}>;`
  })
  const results = expressions.map(
    (_, k) =>
      `@group(0) @binding(${used.length + k}) var<storage, read_write> y${k}: array<${type}>;`,
  )
  const loads = used.map((index) => `  let e${index} = T(x${index}[${readings[index]!.at}]);`)
  return `
alias T = ${type};
${[...inputs, ...results].join('\n')}

@compute @workgroup_size(${FUSED_WORKGROUP})
fn main(@builtin(global_invocation_id) id: vec3u, @builtin(num_workgroups) wide: vec3u) {
  let i = id.x + id.y * wide.x * ${FUSED_WORKGROUP}u;
  if (i >= arrayLength(&y0)) { return; }
${[...loads, ...lines].join('\n')}
${expressions.map((expression, k) => `  y${k}[i] = ${names.get(expression)!};`).join('\n')}
}`
}

function codeOf(part: Expression, names: ReadonlyMap<Expression, string>): string {
  const { node } = part
  const [a, b] = operandsOf(part).map((operand) => names.get(operand)!)
  switch (node.kind) {
    case 'input':
      return `e${node.index}`
    case 'constant':
      return `T(${node.value})`
    case 'unary':
      return UNARY[node.op].wgsl(a!)
    case 'binary':
      return BINARY[node.op].wgsl(a!, b!)
  }
}
