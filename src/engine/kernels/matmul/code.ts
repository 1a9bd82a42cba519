import { epilogueCode, type Extra } from './epilogue.ts'
import { GATHER_SIZES, targetCode, type Gather } from './gather.ts'
import { operandsOf, type Layout, type Operands } from './operands.ts'
import { sum, type Schedule } from './schedule.ts'
import { subgroupSchedule } from './subgroup.ts'
import { lines } from './text.ts'
import { threadSchedule } from './threads.ts'
import { blockColumns, type Variant } from './variants.ts'
import { workgroupSchedule } from './workgroup.ts'

/** What a product kernel is made for; sizes are given at each dispatch, so that few pipelines serve all layers. */
export interface MatmulPlan {
  readonly layout: Layout
  /** Whether the widths of all three matrices are multiples of 4, so that four values are loaded at once. */
  readonly aligned: boolean
  /** The operand that is gathered from images, where one is; then all is aligned. */
  readonly gather?: Gather
  /** What is done with the result before it is stored. */
  readonly extras: readonly Extra[]
  /** TN: whether the columns of a are summed too, by one more column of workgroups. */
  readonly columnSums: boolean
}

function scheduleOf(operands: Operands, variant: Variant): Schedule {
  switch (variant.kind) {
    case 'threads':
      return threadSchedule(operands, variant)
    case 'subgroup':
      return subgroupSchedule(operands, variant)
    case 'workgroup':
      return workgroupSchedule(operands, variant)
  }
}

/** Workgroups beyond the last column of the result sum columns of a, four columns a thread. */
const columnSumsCode = (variant: Variant, [x, y]: readonly [number, number]): string => `
if (group.x * ${blockColumns(variant)}u >= sizes.columns) {
  let quad = group.y * ${x * y}u + local.y * ${x}u + local.x;
  if (4u * quad < sizes.rows) {
    var total = vec4f(0.0);
    for (var k = begin; k < end; k++) { total += a_at(k, quad); }
    store_sums(group.z, quad, total);
  }
  return;
}`

/** Finishes and stores a thread's sums: one by one, or in loops where that would be much code. */
const finishCode = ({ rows, quads }: Schedule, offset: string, isLong: boolean): string =>
  isLong
    ? `
var tile = array<vec4f, ${rows * quads}>(${Array.from({ length: rows * quads }, (_, i) => sum(Math.floor(i / quads), i % quads)).join(', ')});
for (var i = 0u; i < ${rows}u && row + i < sizes.rows; i++) {
  for (var h = 0u; h < ${quads}u && quad + h <= last_quad; h++) {
    finish(${offset}row + i, quad + h, tile[i * ${quads}u + h]);
  }
}`
    : lines(
        rows,
        (i) => `if (row + ${i}u < sizes.rows) {
${lines(quads, (h) => `if (quad + ${h}u <= last_quad) { finish(${offset}row + ${i}u, quad + ${h}u, ${sum(i, h)}); }`)}
}`,
      )

/**
 * Product of two matrices with `depth` inner indices, [rows, columns]; each layer of workgroups in z sums `chunk` (a
 * multiple of 4 unless it is all) of the inner indices into a result of its own (for TN; otherwise there is one). Bindings:
 * sizes (uniform), a, b, result, those of the extras, and the column sums where there are some.
 */
export function matmulCode(plan: MatmulPlan, variant: Variant): string {
  const { layout, aligned, gather, extras, columnSums } = plan
  // In workgroup memory, what many positions look up is looked up at once.
  const operands = operandsOf({ ...plan, scattered: variant.kind === 'workgroup' })
  const type = aligned ? 'vec4f' : 'f32'
  const schedule = scheduleOf(operands, variant)
  const { workgroupSize, rows, quads } = schedule
  const isLong = variant.kind === 'subgroup' || extras.some((extra) => extra.startsWith('gelu'))
  return `
${schedule.enables === undefined ? '' : `enable ${schedule.enables};`}
struct Sizes { ${['rows', 'columns', 'depth', 'chunk', 'repeat', ...(gather ? GATHER_SIZES : [])].map((size) => `${size}: u32`).join(', ')} }
@group(0) @binding(0) var<uniform> sizes: Sizes;
@group(0) @binding(1) var<storage, read> a: array<${type}>;
@group(0) @binding(2) var<storage, read> b: array<${type}>;
${operands.code}
${epilogueCode(extras, aligned, columnSums, gather?.use === 'input' ? targetCode(gather) : undefined)}
${schedule.declarations ?? ''}

@compute @workgroup_size(${workgroupSize.join()})
fn main(${['@builtin(workgroup_id) group: vec3u', '@builtin(local_invocation_id) local: vec3u', ...(schedule.parameter === undefined ? [] : [schedule.parameter])].join(', ')}) {
${operands.range}
let last_quad = (sizes.columns - 1u) / 4u;
${columnSums ? columnSumsCode(variant, workgroupSize) : ''}
${lines(rows, (i) => lines(quads, (h) => `var ${sum(i, h)} = vec4f(0.0);`))}
${schedule.product}
${finishCode(schedule, layout === 'TN' || gather?.use === 'input' ? 'group.z * sizes.rows + ' : '', isLong)}
}`
}
