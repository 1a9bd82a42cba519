import {
  attentionHeader,
  declare,
  typeOf,
  type AttentionPlan,
  type Declaration,
} from './attentionPlan.ts'

/** Threads of a workgroup of the attention kernels. */
export const ATTENTION_WORKGROUP = 64
/** Workgroup memory that every WebGPU device has, less a little for row sums. */
const WORKGROUP_BYTES = 16384 - 1024

/** A kernel's workgroups hold tiles of tokens of one side, and go over all tokens of the other. */
export interface TiledPlan extends AttentionPlan {
  readonly side: 'queries' | 'keys'
  /** Tokens of a tile: 8, 4, 2 or 1. */
  readonly tile: number
}

/** The tokens that a workgroup goes over. */
export const otherSide = ({ side }: TiledPlan): 'queries' | 'keys' =>
  side === 'queries' ? 'keys' : 'queries'

/**
 * The plan with the largest tile of which the scores and two sets of channels fit the workgroup memory; null when not
 * even one row does.
 */
export function tiled(plan: AttentionPlan, side: 'queries' | 'keys'): TiledPlan | null {
  const others = side === 'queries' ? plan.keys : plan.queries
  const tile = [8, 4, 2, 1].find(
    (rows) => 8 * rows * (others + plan.size) <= WORKGROUP_BYTES && rows < 2 * plan[side],
  )
  return tile === undefined ? null : { ...plan, side, tile }
}

/** A line for every row of the tile. */
export const forRows = ({ tile }: TiledPlan, line: (row: number) => string): string =>
  Array.from({ length: tile }, (_, row) => line(row)).join('\n')

/** Workgroup memory for a number by every row of the tile and every token of the other side. */
export const scoresArray = (name: string): string =>
  `var<workgroup> ${name}: array<array<f32, OTHERS>, TILE>;`
/** Workgroup memory for the channels of a tile. */
export const channelsArray = (plan: TiledPlan, name: string): string =>
  `var<workgroup> ${name}: array<array<${typeOf(plan)}, TILE>, UNITS>;`

/**
 * The beginning of a kernel with one workgroup for a tile of a head of an image: WGSL variables `lane`, `start` (first
 * token of the tile), `head`, `image`, `unit0` (first unit of the head in a row), `tokens` (row of token 0 of the tile's
 * side in this image) and `others` (the same of the other side).
 */
export const tileStart = (
  plan: TiledPlan,
  buffers: readonly Declaration[],
  memory: readonly string[],
): string => `
${declare(buffers)}
${attentionHeader(plan)}
const OTHERS = ${plan[otherSide(plan)]}u;
const TILE = ${plan.tile}u;
/** Threads that share a row of the tile. */
const SHARERS = ${ATTENTION_WORKGROUP / plan.tile}u;
${memory.join('\n')}

@compute @workgroup_size(${ATTENTION_WORKGROUP})
fn main(
  @builtin(workgroup_id) group: vec3u,
  @builtin(num_workgroups) wide: vec3u,
  @builtin(local_invocation_index) lane: u32,
) {
  let index = group.x + group.y * wide.x;
  let tiles = (sizes.${plan.side} + TILE - 1u) / TILE;
  let start = index % tiles * TILE;
  let head = (index / tiles) % sizes.heads;
  let image = index / (tiles * sizes.heads);
  if (image >= sizes.images) { return; }
  let last = sizes.${plan.side} - 1u;
  let tokens = image * sizes.${plan.side};
  let others = image * sizes.${otherSide(plan)};
  let width = sizes.heads * UNITS;
  let unit0 = head * UNITS;`

/** Workgroups of a kernel that begins with `tileStart`. */
export const tileGroups = ({ tile, side, heads, ...plan }: TiledPlan, images: number): number =>
  images * heads * Math.ceil(plan[side] / tile)

/**
 * Copies the tile's channels into workgroup memory; tokens beyond the last repeat it.
 * @param at WGSL for the element of a row and a unit
 */
export const loadTile = (name: string, at: (row: string, unit: string) => string): string => `
  for (var i = lane; i < TILE * sizes.units; i += ${ATTENTION_WORKGROUP}u) {
    let token = min(start + i / sizes.units, last);
    ${name}[i % sizes.units][i / sizes.units] = ${at('tokens + token', 'unit0 + i % sizes.units')};
  }`

/** Loop over all tokens `j` of the other side, shared out among the threads. */
export const forOthers = (plan: TiledPlan, body: string): string => `
  for (var j = lane; j < sizes.${otherSide(plan)}; j += ${ATTENTION_WORKGROUP}u) {${body}
  }`

/** This thread's row of the tile, `row`, and its loop over every SHARERS-th token of the other side. */
export const ROW_CODE = 'let row = lane / SHARERS;'
export const forShare = (plan: TiledPlan, body: string): string => `
  for (var j = lane % SHARERS; j < sizes.${otherSide(plan)}; j += SHARERS) { ${body} }`

/** Workgroup memory of `acrossRow`. */
export const PARTS = `var<workgroup> parts: array<f32, ${ATTENTION_WORKGROUP}>;`

/** What the threads of a row have in a variable, put together by `combine`; ends with a barrier. */
export const acrossRow = (value: string, combine: string): string => `
  parts[lane] = ${value};
  workgroupBarrier();
  ${value} = parts[row * SHARERS];
  for (var i = 1u; i < SHARERS; i++) { let part = parts[row * SHARERS + i]; ${value} = ${combine}; }
  workgroupBarrier();`

/** A sum over all tokens of the other side of coefficients times channels. */
export interface TokenSum {
  /** Workgroup memory made by `scoresArray`. */
  readonly coefficients: string
  /** WGSL for the element of a row and a unit. */
  readonly at: (row: string, unit: string) => string
  /** WGSL statement that keeps the sum of a row of the tile's side and a unit. */
  readonly store: (row: string, unit: string, sum: string) => string
}

/** Computes the sums, for two rows of the tile at a time. `row` is the row of the tile within `store`. */
export function sumTokens(plan: TiledPlan, sums: readonly TokenSum[]): string {
  const rows = plan.tile === 1 ? 1 : 2
  const each = (line: (sum: TokenSum, which: number, row: number) => string): string =>
    sums
      .flatMap((sum, which) => Array.from({ length: rows }, (_, row) => line(sum, which, row)))
      .join('\n')
  return `
  for (var item = lane; item < ${plan.tile / rows}u * sizes.units; item += ${ATTENTION_WORKGROUP}u) {
    let row0 = item / sizes.units;
    ${rows === 2 ? `let row1 = row0 + ${plan.tile / 2}u;` : ''}
    let unit = unit0 + item % sizes.units;
    ${each((_, which, row) => `var sum${which}${row} = ${typeOf(plan)}(0.0);`)}
    for (var j = 0u; j < sizes.${otherSide(plan)}; j++) {
      ${sums.map(({ at }, which) => `let channel${which} = ${at('others + j', 'unit')};`).join('\n')}
      ${each(({ coefficients }, which, row) => `sum${which}${row} += ${coefficients}[row${row}][j] * channel${which};`)}
    }
    ${each(
      ({ store }, which, row) => `if (start + row${row} <= last) {
      let row = row${row};
      ${store('tokens + start + row', 'unit', `sum${which}${row}`)}
    }`,
    )}
  }`
}
