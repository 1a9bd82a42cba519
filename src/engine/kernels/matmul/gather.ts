import type { Operands } from './operands.ts'
import { A_OUTER_CODE, loadCode } from './text.ts'

/**
 * Products of a convolution, one of whose operands is gathered from feature maps [images, height, width, channels] in place
 * of being laid out. All numbers of channels are multiples of four.
 *
 * - `forward` (NN): rows are positions of the result, a row of a has the cells that the filters see there: y = Σ over the
 *   filters' elements of moved x · filters[element, in, out].
 * - `input` (NN): rows are cells of x, a row of a has the positions whose filters see the cell: dx = Σ over the elements of
 *   moved dy · filters[element, out, in]. Each layer of workgroups in z has the cells of one remainder of row and column by
 *   the stride: so all of them use the same elements.
 * - `filters` (TN): the inner axis are the positions, a is dy, b has what an element of the filters sees at each position:
 *   dfilters[element, out, in] = Σ over positions of dy · moved x. Each layer of workgroups in z has a piece of the positions
 *   (whole lines of them) and an element.
 */
export interface Gather {
  readonly use: 'forward' | 'input' | 'filters'
  readonly kernel: readonly [height: number, width: number]
  readonly stride: number
  readonly padding: number
}

/** Sides of the maps of a convolution. */
export interface GatherSizes {
  /** Of the map that is gathered from. */
  readonly height: number
  readonly width: number
  /** Of the positions; for `input` of those of one remainder. */
  readonly gridHeight: number
  readonly gridWidth: number
  /** Of the result of `input`. */
  readonly resultHeight: number
  readonly resultWidth: number
}

/** Names what a gathering kernel is made for. */
export const gatherName = ({ use, kernel, stride, padding }: Gather): string =>
  `${use} ${kernel.join('x')} ${stride} ${padding}`

/** Elements of the filters. */
export const elementsOf = ({ kernel: [height, width] }: Gather): number => height * width

/** Members of the kernel's sizes in their order. */
export const GATHER_SIZES: readonly (keyof GatherSizes)[] = [
  'height',
  'width',
  'gridHeight',
  'gridWidth',
  'resultHeight',
  'resultWidth',
]

/** How the operands of a convolution are read; see `Operands`. */
export const gatherOperands = (gather: Gather, scattered: boolean): Operands =>
  gather.use === 'filters' ? ofFilters(gather, scattered) : ofMaps(gather)

/** Operands of `forward` and `input`: a row moves over its map from one element of the filters to the next. */
function ofMaps({ use, kernel, stride, padding }: Gather): Operands {
  const forward = use === 'forward'
  // Element (r, s) of the first loop: for `input` the first that the cells of this remainder are seen by.
  const [firstR, firstS, step] = forward
    ? ['0u', '0u', 1]
    : [`(phase.x + ${padding}u) % ${stride}u`, `(phase.y + ${padding}u) % ${stride}u`, stride]
  const start = forward
    ? `vec2i(cell * ${stride}u) - ${padding}`
    : `vec2i(cell + (phase + ${padding}u) / ${stride}u)`
  return {
    innerA: true,
    innerB: false,
    code: `
${loadCode('a', 'sizes.depth', true)}
${loadCode('b', 'sizes.columns', true)}
// The first row of the image, and the cell that element (0, 0) of the filters sees, or is seen by.
fn a_place(row: u32${forward ? '' : ', phase: vec2u'}) -> vec3i {
  let line = row / sizes.gridWidth;
  let cell = vec2u(line % sizes.gridHeight, row % sizes.gridWidth);
  return vec3i(i32(line / sizes.gridHeight * sizes.height), ${start});
}
// The cell's number among those of all images, and 1; or 0, 0 where it is outside.
fn a_row(place: vec3i, shift: vec2i) -> vec2u {
  let cell = vec2u(place.yz + shift);
  let inside = cell.x < sizes.height && cell.y < sizes.width;
  return select(vec2u(0u), vec2u((u32(place.x) + cell.x) * sizes.width + cell.y, 1u), inside);
}
fn a_inner(row: vec2u, k: u32) -> vec4f {
  return select(vec4f(0.0), a_at(row.x, k / 4u), row.y == 1u);
}`,
    range: `let begin = 0u;
let end = sizes.depth;
${forward ? '' : `let phase = vec2u(group.z / ${stride}u, group.z % ${stride}u);`}`,
    opening: `for (var r = ${firstR}; r < ${kernel[0]}u; r += ${step}u) {
for (var s = ${firstS}; s < ${kernel[1]}u; s += ${step}u) {
let shift = ${forward ? 'vec2i(vec2u(r, s))' : `-vec2i(vec2u(r, s) / ${stride}u)`};
let origin = (r * ${kernel[1]}u + s) * sizes.depth;`,
    closing: '}\n}',
    place: (row) => `a_place(${row}${forward ? '' : ', phase'})`,
    row: (place) => `a_row(${place}, shift)`,
    b: (k, quad) => `b_at(origin + ${k}, ${quad})`,
  }
}

/** Operands of `filters`: line after line of positions, or each position by itself. */
function ofFilters({ kernel, stride, padding }: Gather, scattered: boolean): Operands {
  const elements = kernel[0] * kernel[1]
  /** The positions whose element s sees a cell of a line, from `first` up to `after`. */
  const seen = `let first = (max(${padding}u, s) - s + ${stride - 1}u) / ${stride}u;
let after = min(sizes.gridWidth, (max(sizes.width + ${padding}u, s) - s + ${stride - 1}u) / ${stride}u);`
  const lineByLine = {
    opening: `${seen}
let last_line = end / sizes.gridWidth;
for (var line = begin / sizes.gridWidth; line < last_line; line++) {
let y = line % sizes.gridHeight * ${stride}u + r - ${padding}u;
if (y >= sizes.height) { continue; }
let begin = line * sizes.gridWidth + first;
let end = line * sizes.gridWidth + after;
let origin = (line / sizes.gridHeight * sizes.height + y) * sizes.width + s - ${padding}u - line * sizes.gridWidth * ${stride}u;`,
    closing: '}',
    b: (k: string, quad: string) => `b_at(origin + min(${k}, end - 1u) * ${stride}u, ${quad})`,
  }
  const oneByOne = {
    opening: '',
    closing: '',
    b: (k: string, quad: string) => `b_seen(min(${k}, sizes.depth - 1u), vec2u(r, s), ${quad})`,
  }
  return {
    innerA: false,
    innerB: false,
    code: `
${loadCode('a', 'sizes.rows', true)}
${loadCode('b', 'sizes.columns', true)}
${A_OUTER_CODE}
fn b_seen(position: u32, element: vec2u, quad: u32) -> vec4f {
  let line = position / sizes.gridWidth;
  let cell = vec2u(line % sizes.gridHeight, position % sizes.gridWidth) * ${stride}u + element - ${padding}u;
  let inside = cell.x < sizes.height && cell.y < sizes.width;
  let at = (line / sizes.gridHeight * sizes.height + cell.x) * sizes.width + cell.y;
  return select(vec4f(0.0), b_at(select(0u, at, inside), quad), inside);
}`,
    range: `let element = group.z % ${elements}u;
let r = element / ${kernel[1]}u;
let s = element % ${kernel[1]}u;
let begin = group.z / ${elements}u * sizes.chunk;
let end = min(begin + sizes.chunk, sizes.depth);`,
    place: (row) => row,
    row: (place) => place,
    ...(scattered ? oneByOne : lineByLine),
  }
}

/**
 * The beginning of `finish` for `input`: from the number of a row of the result, over all layers in z, to its cell of dx;
 * nothing is stored of cells beyond the last ones.
 */
export const targetCode = ({ stride }: Gather): string => `
  let layer = numbered / sizes.rows;
  let line = numbered % sizes.rows / sizes.gridWidth;
  let cell = vec2u(line % sizes.gridHeight, numbered % sizes.rows % sizes.gridWidth) * ${stride}u + vec2u(layer / ${stride}u, layer % ${stride}u);
  if (cell.x >= sizes.resultHeight || cell.y >= sizes.resultWidth) { return; }
  let row = (line / sizes.gridHeight * sizes.resultHeight + cell.x) * sizes.resultWidth + cell.y;`
