import { columnCode, type Operands } from './operands.ts'
import { addProduct, type Schedule } from './schedule.ts'
import { lines } from './text.ts'
import type { SubgroupVariant } from './variants.ts'

/** WGSL of a product in which the threads of a subgroup hand round what they load of a. */
export function subgroupSchedule(operands: Operands, { lanes, rows }: SubgroupVariant): Schedule {
  const columns = columnCode(operands, 1)
  const a = operands.innerA ? alongInner(operands, lanes, rows) : alongRows(lanes, rows)
  return {
    enables: 'subgroups',
    parameter: '@builtin(subgroup_invocation_id) lane: u32',
    workgroupSize: [lanes, 1],
    rows,
    quads: 1,
    product: `
let row = group.y * ${rows}u;
let quad = group.x * ${lanes}u + lane;
${columns.setup}
${a.setup}
${operands.opening}
${a.rows ?? ''}
for (var k = begin; k < end; k += 4u) {
${a.load}
${columns.load}
${a.add(columns.value)}
}
${operands.closing}`,
  }
}

interface Shared {
  readonly setup: string
  /** Within the loops around that over k. */
  readonly rows?: string
  readonly load: string
  readonly add: (b: (step: number, h: number) => string) => string
}

/** Every lane loads four inner indices of every `lanes`th row. */
const alongInner = ({ place, row }: Operands, lanes: number, rows: number): Shared => ({
  setup: lines(
    rows / lanes,
    (g) => `let place${g} = ${place(`min(row + ${g * lanes}u + lane, sizes.rows - 1u)`)};`,
  ),
  rows: lines(rows / lanes, (g) => `let row${g} = ${row(`place${g}`)};`),
  load: lines(rows / lanes, (g) => `let a${g} = a_inner(row${g}, k);`),
  add: (b) =>
    lines(
      rows,
      (i) => `let v${i} = subgroupBroadcast(a${Math.floor(i / lanes)}, ${i % lanes}u);
${lines(4, (step) => addProduct(i, 0, `v${i}[${step}]`, b(step, 0)))}`,
    ),
})

/** A lane loads four rows of one inner index; so many lanes go to an inner index as it takes to cover the tile. */
const alongRows = (lanes: number, rows: number): Shared => {
  const share = rows / 4
  /** Inner indices that one load of all lanes covers. */
  const span = lanes / share
  return {
    setup: `let row_quad = min(row / 4u + lane % ${share}u, (sizes.rows - 1u) / 4u);
let ahead = lane / ${share}u;`,
    load: lines(4 / span, (m) => `let a${m} = a_outer(k + ${m * span}u + ahead, end, row_quad);`),
    add: (b) =>
      lines(share, (g) =>
        lines(
          4,
          (
            step,
          ) => `let v${step}_${g} = subgroupBroadcast(a${Math.floor(step / span)}, ${(step % span) * share + g}u);
${lines(4, (i) => addProduct(4 * g + i, 0, `v${step}_${g}[${i}]`, b(step, 0)))}`,
        ),
      ),
  }
}
