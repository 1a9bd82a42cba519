import { columnCode, type Operands } from './operands.ts'
import { addProducts, type Schedule } from './schedule.ts'
import { lines } from './text.ts'
import type { ThreadVariant } from './variants.ts'

/** WGSL of a product in which each thread loads for itself. */
export function threadSchedule(operands: Operands, variant: ThreadVariant): Schedule {
  const { rows, quads, lanesX, lanesY } = variant
  const columns = columnCode(operands, quads)
  const inner = operands.innerA
  const rowBlock = lanesY === 1 ? 'group.y' : `(group.y * ${lanesY}u + local.y)`
  return {
    workgroupSize: [lanesX, lanesY],
    rows,
    quads,
    product: `
let row = ${rowBlock} * ${rows}u;
let quad = (group.x * ${lanesX}u + local.x) * ${quads}u;
if (row >= sizes.rows || quad > last_quad) { return; }
${columns.setup}
${
  inner
    ? lines(rows, (i) => `let place${i} = ${operands.place(`min(row + ${i}u, sizes.rows - 1u)`)};`)
    : lines(rows / 4, (g) => `let row_quad${g} = min(row / 4u + ${g}u, (sizes.rows - 1u) / 4u);`)
}
${operands.opening}
${inner ? lines(rows, (i) => `let row${i} = ${operands.row(`place${i}`)};`) : ''}
for (var k = begin; k < end; k += 4u) {
${
  inner
    ? lines(rows, (i) => `let a${i} = a_inner(row${i}, k);`)
    : lines(4, (step) =>
        lines(rows / 4, (g) => `let a${step}_${g} = a_outer(k + ${step}u, end, row_quad${g});`),
      )
}
${columns.load}
${addProducts(
  rows,
  quads,
  (i, step) => (inner ? `a${i}[${step}]` : `a${step}_${i >> 2}[${i % 4}]`),
  columns.value,
)}
}
${operands.closing}`,
  }
}
