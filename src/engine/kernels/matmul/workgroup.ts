import type { Operands } from './operands.ts'
import { addProduct, type Schedule } from './schedule.ts'
import { lines } from './text.ts'
import { blockColumns, blockRows, type WorkgroupVariant } from './variants.ts'

/** WGSL of a product in which a workgroup loads blocks of both operands into its memory. */
export function workgroupSchedule(operands: Operands, variant: WorkgroupVariant): Schedule {
  const { rows, quads, lanesX, lanesY, depth } = variant
  const sizes = { depth, threads: lanesX * lanesY }
  const a = blockOf('a', operands, { ...sizes, quads: blockRows(variant) / 4 })
  const b = blockOf('b', operands, { ...sizes, quads: blockColumns(variant) / 4 })
  return {
    declarations: `
var<workgroup> block_a: array<vec4f, ${(blockRows(variant) / 4) * depth}>;
var<workgroup> block_b: array<vec4f, ${(blockColumns(variant) / 4) * depth}>;`,
    workgroupSize: [lanesX, lanesY],
    rows,
    quads,
    product: `
let row = (group.y * ${lanesY}u + local.y) * ${rows}u;
let quad = (group.x * ${lanesX}u + local.x) * ${quads}u;
let thread = local.y * ${lanesX}u + local.x;
${a.setup}
${b.setup}
${operands.opening}
${a.rows}
for (var first = begin; first < end; first += ${depth}u) {
${a.fill}
${b.fill}
workgroupBarrier();
let steps = min(${depth}u, (end - first + 3u) / 4u * 4u);
for (var k = 0u; k < steps; k++) {
${lines(rows / 4, (g) => `let a${g} = block_a[k * ${blockRows(variant) / 4}u + local.y * ${rows / 4}u + ${g}u];`)}
${lines(quads, (h) => `let b${h} = block_b[k * ${blockColumns(variant) / 4}u + local.x * ${quads}u + ${h}u];`)}
${lines(rows, (i) => lines(quads, (h) => addProduct(i, h, `a${i >> 2}[${i % 4}]`, `b${h}`)))}
}
workgroupBarrier();
}
${operands.closing}`,
  }
}

interface BlockSizes {
  /** Rows or columns, in fours. */
  readonly quads: number
  readonly depth: number
  readonly threads: number
}

/** WGSL that loads a block [depth, quads] from inner index `first` on, four by four values at a time. */
interface Block {
  /** What a thread loads, before the loops. */
  readonly setup: string
  /** The rows that it loads of a, within the loops around that over the inner axis. */
  readonly rows: string
  readonly fill: string
}

function blockOf(
  name: 'a' | 'b',
  operands: Operands,
  { quads, depth, threads }: BlockSizes,
): Block {
  const isA = name === 'a'
  // Where four values of a load lie along the inner axis, they are transposed on their way.
  const inner = isA ? operands.innerA : operands.innerB
  const [size, group] = isA ? ['sizes.rows', 'group.y'] : ['sizes.columns', 'group.x']
  const pieces = (quads * depth) / 4
  const rounds = Math.ceil(pieces / threads)
  const hasRows = isA && inner
  /** Row or column `step` of a piece. */
  const line = (n: number, step: number): string =>
    `min(4u * (${group} * ${quads}u + ${name}_quad${n}) + ${step}u, ${size} - 1u)`
  const load = (n: number, step: number): string => {
    if (hasRows) return `a_inner(a_row${n}_${step}, k)`
    if (inner) return operands.b('k', line(n, step))
    const quad = `min(${group} * ${quads}u + ${name}_quad${n}, (${size} - 1u) / 4u)`
    const k = `(k + ${step}u)`
    return isA ? `a_outer(${k}, end, ${quad})` : operands.b(k, quad)
  }
  const value = (step: number): string =>
    inner ? `vec4f(${[0, 1, 2, 3].map((i) => `v${i}[${step}]`).join(', ')})` : `v${step}`
  return {
    setup: lines(rounds, (n) => {
      // Neighbouring threads take what lies side by side in memory.
      const piece = `(thread + ${n * threads}u)`
      const [quad, step] = inner
        ? [`${piece} / ${depth / 4}u`, `${piece} % ${depth / 4}u`]
        : [`${piece} % ${quads}u`, `${piece} / ${quads}u`]
      return `let ${name}_quad${n} = ${quad};
let ${name}_offset${n} = 4u * (${step});
${hasRows ? lines(4, (i) => `let a_place${n}_${i} = ${operands.place(line(n, i))};`) : ''}`
    }),
    rows: hasRows
      ? lines(rounds, (n) =>
          lines(4, (i) => `let a_row${n}_${i} = ${operands.row(`a_place${n}_${i}`)};`),
        )
      : '',
    fill: lines(
      rounds,
      (n) => `if (thread + ${n * threads}u < ${pieces}u) {
let k = first + ${name}_offset${n};
${lines(4, (i) => `let v${i} = ${load(n, i)};`)}
${lines(4, (i) => `block_${name}[(${name}_offset${n} + ${i}u) * ${quads}u + ${name}_quad${n}] = ${value(i)};`)}
}`,
    ),
  }
}
