import {
  attentionHeader,
  channelAt,
  channelBuffers,
  declare,
  termBuffers,
  typeOf,
  unitsOf,
  type AttentionPlan,
  type Declaration,
} from './attentionPlan.ts'

/** Threads of a workgroup: neighbouring tokens of one head, so that all of them read the same other token at once. */
export const ALONE_THREADS = 8
/** Units of a head up to which loops over them are written out; beyond it some drivers would compile for minutes. */
const MAX_UNROLLED = 6

/** Whether a thread has few enough channels to keep them in registers. */
export const unrolled = (plan: AttentionPlan): boolean => unitsOf(plan) <= MAX_UNROLLED

/**
 * Tokens of the other side that are taken at a time. Written out, a thread keeps its own token in registers and takes one
 * after the other; in a loop, what it reads of its own token should serve several.
 */
const chunkOf = (plan: AttentionPlan): number => (unrolled(plan) ? 1 : 4)

const overChunk = (plan: AttentionPlan, line: (c: number) => string): string[] =>
  Array.from({ length: chunkOf(plan) }, (_, c) => line(c))

/** A line for every token of a chunk. */
export const forChunk = (plan: AttentionPlan, line: (c: number) => string): string =>
  overChunk(plan, line).join('\n')

/** WGSL: a value for every token of a chunk, summed. */
export const chunkSum = (plan: AttentionPlan, value: (c: number) => string): string =>
  overChunk(plan, value).join(' + ')

/** For every unit `u` of a head. */
export const forUnits = (plan: AttentionPlan, body: string): string =>
  unrolled(plan)
    ? Array.from({ length: unitsOf(plan) }, (_, u) => `{ const u = ${u}u; ${body} }`).join('\n')
    : `for (var u = 0u; u < sizes.units; u++) { ${body} }`

/** What a thread keeps of its own token: `NAME[u]` for every unit. */
export const own = (plan: AttentionPlan, name: string): string =>
  `var ${name}: array<${typeOf(plan)}, UNITS>;`

/** Loop over the tokens of a side in chunks: their numbers `token0` … (the last is repeated) and rows `row0` …. */
export const forOthers = (plan: AttentionPlan, side: 'queries' | 'keys', body: string): string => `
  for (var start = 0u; start < sizes.${side}; start += ${chunkOf(plan)}u) {
    ${forChunk(
      plan,
      (c) => `let token${c} = min(start + ${c}u, sizes.${side} - 1u);
    let row${c} = image * sizes.${side} + token${c};`,
    )}
    ${body}
  }`

/**
 * Goes on to the next token of a side where this one does not see it, or is not seen by it: such a pair would add exactly
 * 0, and where ranks tell, half of all pairs are like that.
 */
export function skipUnseen(plan: AttentionPlan, side: 'queries' | 'keys'): string {
  if (plan.term.kind !== 'rank' || chunkOf(plan) > 1) return ''
  const pair =
    side === 'keys'
      ? 'rank, keyRank(image, token0), token, token0'
      : 'queryRank(image, token0), rank, token0, token'
  return `if (!seen(${pair})) { continue; }`
}

/** WGSL: `value` for token c of a chunk, or `instead` where it is beyond the last. */
export const within = (
  side: 'queries' | 'keys',
  c: number,
  value: string,
  instead: string,
): string => (c === 0 ? value : `select(${instead}, ${value}, start + ${c}u < sizes.${side})`)

/**
 * The beginning of a kernel with a thread for every token of a side: WGSL variables `image`, `head`, `first` (the
 * head's first unit in a row) and `token`. Where there are too few tokens for a workgroup, its threads have different
 * heads instead.
 */
export function aloneStart(
  plan: AttentionPlan,
  side: 'queries' | 'keys',
  buffers: readonly Declaration[],
) {
  const token =
    plan[side] < ALONE_THREADS / 2
      ? `let at = index * ${ALONE_THREADS}u + lane;
  let token = at % sizes.${side};
  let head = (at / sizes.${side}) % sizes.heads;
  let image = at / (sizes.${side} * sizes.heads);`
      : `let blocks = (sizes.${side} + ${ALONE_THREADS - 1}u) / ${ALONE_THREADS}u;
  let token = index % blocks * ${ALONE_THREADS}u + lane;
  let head = (index / blocks) % sizes.heads;
  let image = index / (blocks * sizes.heads);`
  return `
${declare(buffers)}
${attentionHeader(plan)}

@compute @workgroup_size(${ALONE_THREADS})
fn main(
  @builtin(workgroup_id) group: vec3u,
  @builtin(num_workgroups) wide: vec3u,
  @builtin(local_invocation_index) lane: u32,
) {
  let index = group.x + group.y * wide.x;
  ${token}
  if (image >= sizes.images || token >= sizes.${side}) { return; }
  let width = sizes.heads * UNITS;
  let first = head * UNITS;`
}

/** Workgroups of a kernel that begins with `aloneStart`. */
export const aloneGroups = (
  plan: AttentionPlan,
  side: 'queries' | 'keys',
  images: number,
): number => {
  const count = plan[side]
  return count < ALONE_THREADS / 2
    ? Math.ceil((images * plan.heads * count) / ALONE_THREADS)
    : images * plan.heads * Math.ceil(count / ALONE_THREADS)
}

/** This query's channels `query`, its rank and its row. */
const queryCode = (plan: AttentionPlan): string => `
  let row = image * sizes.queries + token;
  let rank = queryRank(image, token);
  ${own(plan, 'query')}
  ${forUnits(plan, `query[u] = ${channelAt(plan, 'q', 'row', 'first + u')};`)}`

/** The scores of this query and a chunk of keys, `score0` …. */
const scoresCode = (plan: AttentionPlan): string => `
    ${forChunk(plan, (c) => `var product${c} = 0.0;`)}
    ${forUnits(
      plan,
      `let mine = query[u];
      ${forChunk(plan, (c) => `product${c} += inner(mine, ${channelAt(plan, 'k', `row${c}`, 'first + u')});`)}`,
    )}
    ${forChunk(
      plan,
      (c) =>
        `let score${c} = ${within('keys', c, `scored(product${c}, image, head, token, token${c}, rank, keyRank(image, token${c}))`, 'HIDDEN')};`,
    )}`

/** As `attentionCode`, a thread a query. */
export const attentionAloneCode = (plan: AttentionPlan): string => `
${aloneStart(plan, 'queries', [
  ...channelBuffers(plan),
  ...termBuffers(plan),
  ['context', 'read_write', typeOf(plan)],
  ['statistics', 'read_write', 'vec2f'],
])}
  ${queryCode(plan)}
  ${own(plan, 'sum')}
  var largest = HIDDEN;
  var total = 0.0;
  ${forOthers(
    plan,
    'keys',
    `${skipUnseen(plan, 'keys')}
    ${scoresCode(plan)}
    let top = ${overChunk(plan, (c) => `score${c}`).reduce((all, score) => `max(${all}, ${score})`, 'largest')};
    let shrink = exp(largest - top);
    largest = top;
    ${forChunk(plan, (c) => `let share${c} = exp(score${c} - top);`)}
    total = total * shrink + ${chunkSum(plan, (c) => `share${c}`)};
    ${forUnits(
      plan,
      `sum[u] = sum[u] * shrink + ${chunkSum(plan, (c) => `share${c} * ${channelAt(plan, 'v', `row${c}`, 'first + u')}`)};`,
    )}`,
  )}
  let inverse = select(1.0 / total, 0.0, largest == HIDDEN);
  statistics[(image * sizes.heads + head) * sizes.queries + token] = vec2f(largest, inverse);
  ${forUnits(plan, 'context[row * width + first + u] = sum[u] * inverse;')}
}`

/** As `probabilitiesCode`, a thread a query. */
export const probabilitiesAloneCode = (plan: AttentionPlan): string => `
${aloneStart(plan, 'queries', [
  ...channelBuffers(plan),
  ...termBuffers(plan),
  ['probabilities', 'read_write', 'f32'],
])}
  ${queryCode(plan)}
  let base = ((image * sizes.heads + head) * sizes.queries + token) * sizes.keys;
  var largest = HIDDEN;
  ${forOthers(
    plan,
    'keys',
    `${scoresCode(plan)}
    ${forChunk(
      plan,
      (c) => `if (start + ${c}u < sizes.keys) { probabilities[base + token${c}] = score${c}; }
    largest = max(largest, score${c});`,
    )}`,
  )}
  var total = 0.0;
  for (var j = 0u; j < sizes.keys; j++) { total += exp(probabilities[base + j] - largest); }
  let inverse = select(1.0 / total, 0.0, largest == HIDDEN);
  for (var j = 0u; j < sizes.keys; j++) {
    probabilities[base + j] = exp(probabilities[base + j] - largest) * inverse;
  }
}`
