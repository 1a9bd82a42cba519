/** Threads of a workgroup of the attention kernels. */
export const ATTENTION_WORKGROUP = 64
/** Workgroup memory that every WebGPU device has, less a little for row sums. */
const WORKGROUP_BYTES = 16384 - 1024

/** What the attention kernels are made for; the batch size is read from the buffers' lengths. */
export interface AttentionPlan {
  readonly tokens: number
  readonly heads: number
  /** Channels of one head. */
  readonly size: number
  /** Whether a bias [heads, tokens, tokens] is added to the scores. */
  readonly bias: boolean
  /** Tokens whose rows of scores a workgroup holds: 8, 4, 2 or 1. */
  readonly tile: number
}

/**
 * The largest tile of which the scores and two sets of channels fit the workgroup memory.
 * @throws Error when not even one row fits
 */
export function tileFor(tokens: number, size: number): number {
  const tile = [8, 4, 2, 1].find((rows) => 8 * rows * (tokens + size) <= WORKGROUP_BYTES)
  if (tile === undefined) throw new Error(`attention over ${tokens} tokens is too long`)
  return tile
}

/** Element type of the buffers of channels: four at once where a head's size allows. */
export const typeOf = ({ size }: AttentionPlan): string => (size % 4 === 0 ? 'vec4f' : 'f32')
/** Elements of one head. */
export const unitsOf = ({ size }: AttentionPlan): number => (size % 4 === 0 ? size / 4 : size)

/** A line for every row of the tile. */
export const forRows = ({ tile }: AttentionPlan, line: (row: number) => string): string =>
  Array.from({ length: tile }, (_, row) => line(row)).join('\n')

/** A binding; numbered from 1, since 0 is `sizes`. */
export const storage = (index: number, access: string, name: string, type: string): string =>
  `@group(0) @binding(${index}) var<storage, ${access}> ${name}: array<${type}>;`

/**
 * The beginning of a kernel with one workgroup for `tile` tokens of a head of an image: WGSL variables `lane`, `start`
 * (first token of the tile), `head`, `image`, `first` (row of the image's token 0), and offsets `q`, `k`, `v` of this
 * head in a row of qkv (`q` in a row of the context too). Loop bounds come from a uniform although they are known: some
 * drivers would unroll the loops and compile for minutes.
 * @param images WGSL for the number of images
 */
export const startCode = (plan: AttentionPlan, memory: string, images: string): string => `
struct Sizes { tokens: u32, units: u32 }
@group(0) @binding(0) var<uniform> sizes: Sizes;
const TOKENS = ${plan.tokens}u;
const HEADS = ${plan.heads}u;
const UNITS = ${unitsOf(plan)}u;
const WIDTH = HEADS * UNITS;
const SCALE = ${plan.size ** -0.5};
const TILE = ${plan.tile}u;
const TILES = ${Math.ceil(plan.tokens / plan.tile)}u;
/** Threads that share a row of the tile. */
const SHARERS = ${ATTENTION_WORKGROUP / plan.tile}u;
${memory}

fn inner(a: ${typeOf(plan)}, b: ${typeOf(plan)}) -> f32 { return ${plan.size % 4 === 0 ? 'dot(a, b)' : 'a * b'}; }

@compute @workgroup_size(${ATTENTION_WORKGROUP})
fn main(
  @builtin(workgroup_id) group: vec3u,
  @builtin(num_workgroups) wide: vec3u,
  @builtin(local_invocation_index) lane: u32,
) {
  let index = group.x + group.y * wide.x;
  if (index >= ${images} * HEADS * TILES) { return; }
  let start = (index % TILES) * TILE;
  let head = (index / TILES) % HEADS;
  let image = index / (TILES * HEADS);
  let first = image * TOKENS;
  let q = head * UNITS;
  let k = WIDTH + head * UNITS;
  let v = 2u * WIDTH + head * UNITS;`

/** Copies the tile's channels into workgroup memory; tokens beyond the last repeat it. */
export const loadTile = (name: string, source: string, width: string, offset: string): string => `
  for (var i = lane; i < TILE * sizes.units; i += ${ATTENTION_WORKGROUP}u) {
    let token = min(start + i / sizes.units, TOKENS - 1u);
    ${name}[i % sizes.units][i / sizes.units] = ${source}[(first + token) * ${width} + ${offset} + i % sizes.units];
  }`

/** Loop over all tokens `j`, shared out among the threads. */
export const forTokens = (body: string): string => `
  for (var j = lane; j < sizes.tokens; j += ${ATTENTION_WORKGROUP}u) {${body}
  }`

/** This thread's row of the tile, `row`, and its loop over every SHARERS-th token. */
export const ROW_CODE = 'let row = lane / SHARERS;'
export const forShare = (body: string): string => `
  for (var j = lane % SHARERS; j < sizes.tokens; j += SHARERS) { ${body} }`

/** What the threads of a row have in a variable, put together by `combine`; ends with a barrier. */
export const acrossRow = (value: string, combine: string): string => `
  parts[lane] = ${value};
  workgroupBarrier();
  ${value} = parts[row * SHARERS];
  for (var i = 1u; i < SHARERS; i++) { let part = parts[row * SHARERS + i]; ${value} = ${combine}; }
  workgroupBarrier();`

/**
 * Sums over all tokens of coefficients times channels, for two rows of the tile at a time:
 * `sum0 += coefficient[row] * source[token]`, then `store(row, unit, sum)` for each.
 */
export const sumTokens = (
  plan: AttentionPlan,
  sums: readonly { coefficients: string; source: string; width: string; offset: string }[],
  store: (sum: string, which: number) => string,
): string => {
  const rows = plan.tile === 1 ? 1 : 2
  const each = (line: (which: number, row: number) => string): string =>
    sums
      .flatMap((_, which) => Array.from({ length: rows }, (__, row) => line(which, row)))
      .join('\n')
  const channels = sums.map(
    ({ source, width, offset }, which) =>
      `let channel${which} = ${source}[(first + j) * ${width} + ${offset} + unit];`,
  )
  return `
  for (var item = lane; item < ${plan.tile / rows}u * sizes.units; item += ${ATTENTION_WORKGROUP}u) {
    let row0 = item / sizes.units;
    ${rows === 2 ? `let row1 = row0 + ${plan.tile / 2}u;` : ''}
    let unit = item % sizes.units;
    ${each((which, row) => `var sum${which}${row} = ${typeOf(plan)}(0.0);`)}
    for (var j = 0u; j < sizes.tokens; j++) {
      ${channels.join('\n')}
      ${each((which, row) => `sum${which}${row} += ${sums[which]!.coefficients}[row${row}][j] * channel${which};`)}
    }
    ${each(
      (which, row) => `if (start + row${row} < TOKENS) {
      let row = row${row};
      ${store(`sum${which}${row}`, which)}
    }`,
    )}
  }`
}
