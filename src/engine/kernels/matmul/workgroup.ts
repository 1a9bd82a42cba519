import { isInnerA, isInnerB, type Layout } from './operands.ts'
import { addProduct, type Schedule } from './schedule.ts'
import { lines } from './text.ts'
import { blockColumns, blockRows, type WorkgroupVariant } from './variants.ts'

/** WGSL of a product in which a workgroup loads blocks of both operands into its memory. */
export function workgroupSchedule(layout: Layout, variant: WorkgroupVariant): Schedule {
  const { rows, quads, lanesX, lanesY, depth } = variant
  const threads = lanesX * lanesY
  const a = { name: 'a', inner: isInnerA(layout), quads: blockRows(variant) / 4, depth, threads }
  const b = { name: 'b', inner: isInnerB(layout), quads: blockColumns(variant) / 4, depth, threads }
  return {
    declarations: `
var<workgroup> block_a: array<vec4f, ${a.quads * depth}>;
var<workgroup> block_b: array<vec4f, ${b.quads * depth}>;`,
    workgroupSize: [lanesX, lanesY],
    rows,
    quads,
    product: `
let row = (group.y * ${lanesY}u + local.y) * ${rows}u;
let quad = (group.x * ${lanesX}u + local.x) * ${quads}u;
let thread = local.y * ${lanesX}u + local.x;
for (var first = begin; first < end; first += ${depth}u) {
${fillCode(a, 'sizes.rows - 1u', `group.y * ${a.quads}u`)}
${fillCode(b, 'sizes.columns - 1u', `group.x * ${b.quads}u`)}
workgroupBarrier();
let steps = min(${depth}u, (end - first + 3u) / 4u * 4u);
for (var k = 0u; k < steps; k++) {
${lines(rows / 4, (g) => `let a${g} = block_a[k * ${a.quads}u + local.y * ${rows / 4}u + ${g}u];`)}
${lines(quads, (h) => `let b${h} = block_b[k * ${b.quads}u + local.x * ${quads}u + ${h}u];`)}
${lines(rows, (i) => lines(quads, (h) => addProduct(i, h, `a${i >> 2}[${i % 4}]`, `b${h}`)))}
}
workgroupBarrier();
}`,
  }
}

interface Block {
  readonly name: string
  /** Whether four values of a load lie along the inner axis; then they are transposed on their way. */
  readonly inner: boolean
  /** Rows or columns, in fours. */
  readonly quads: number
  readonly depth: number
  readonly threads: number
}

/** Loads a block [depth, quads] from inner index `first` on, four by four values at a time. */
function fillCode(block: Block, last: string, from: string): string {
  const { name, inner, quads, depth, threads } = block
  const pieces = (quads * depth) / 4
  const load = (step: number): string => {
    if (inner) return `${name}_inner(min(4u * at + ${step}u, ${last}), k)`
    return name === 'a'
      ? `a_outer(k + ${step}u, end, min(at, (${last}) / 4u))`
      : `b_outer(k + ${step}u, min(at, (${last}) / 4u))`
  }
  const value = (step: number): string =>
    inner ? `vec4f(${[0, 1, 2, 3].map((i) => `v${i}[${step}]`).join(', ')})` : `v${step}`
  // Neighbouring threads take what lies side by side in memory.
  const [place, step] = inner
    ? [`piece / ${depth / 4}u`, `piece % ${depth / 4}u`]
    : [`piece % ${quads}u`, `piece / ${quads}u`]
  return `for (var piece = thread; piece < ${pieces}u; piece += ${threads}u) {
let place = ${place};
let offset = 4u * (${step});
let at = ${from} + place;
let k = first + offset;
${lines(4, (i) => `let v${i} = ${load(i)};`)}
${lines(4, (i) => `block_${name}[(offset + ${i}u) * ${quads}u + place] = ${value(i)};`)}
}`
}
