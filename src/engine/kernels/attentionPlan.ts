/** What is done to the scores before the softmax. */
export type ScoreTerm =
  | { readonly kind: 'none' }
  /** A bias [heads, queries, keys] is added. */
  | { readonly kind: 'bias' }
  /** Only pairs with a non-zero entry in a mask [batch, queries, keys] are seen. */
  | { readonly kind: 'allowed'; readonly type: 'i32' | 'f32' }
  /** A key is seen by rank. */
  | RankTerm

/** A query sees a key by their ranks [batch, tokens], or [tokens] alike for all images. */
export interface RankTerm {
  readonly kind: 'rank'
  readonly type: 'i32' | 'f32'
  /** Whether keys of the query's own rank stay hidden. */
  readonly strict: boolean
  /** Lowest rank that is seen. */
  readonly from: number
  /** Whether query i sees key i in any case. */
  readonly itself: boolean
  /** Whether all images have the same ranks. */
  readonly shared: boolean
  /** Whether query and key of the same number have the same rank, so that one buffer holds both. */
  readonly common: boolean
}

/** What the attention kernels are made for; the batch size is read from the buffers' lengths. */
export interface AttentionPlan {
  /** Whether q, k, v are the thirds of one matrix; otherwise q is one, and k and v are the halves of another. */
  readonly fused: boolean
  readonly queries: number
  readonly keys: number
  readonly heads: number
  /** Channels of one head. */
  readonly size: number
  readonly term: ScoreTerm
}

/** Element type of the buffers of channels: four at once where a head's size allows. */
export const typeOf = ({ size }: AttentionPlan): string => (size % 4 === 0 ? 'vec4f' : 'f32')
/** Elements of one head. */
export const unitsOf = ({ size }: AttentionPlan): number => (size % 4 === 0 ? size / 4 : size)

/** Words and numbers that tell the kernels of two plans apart, without the numbers of heads, queries and keys. */
export const nameOf = ({ fused, size, term }: AttentionPlan): string => {
  const words =
    term.kind === 'rank'
      ? [
          'rank',
          term.type,
          ...(['strict', 'itself', 'shared', 'common'] as const).filter((key) => term[key]),
        ]
      : term.kind === 'allowed'
        ? ['allowed', term.type]
        : term.kind === 'bias'
          ? ['bias']
          : []
  const numbers = [size, ...(term.kind === 'rank' ? [term.from] : [])]
  return [...(fused ? [] : ['cross']), ...words, ...numbers].join(' ')
}

/** A storage buffer of a kernel. */
export type Declaration = readonly [name: string, access: 'read' | 'read_write', type: string]

/** Declares the storage buffers; numbered from 1, since 0 is `sizes`. */
export const declare = (buffers: readonly Declaration[]): string =>
  buffers
    .map(
      ([name, access, type], i) =>
        `@group(0) @binding(${i + 1}) var<storage, ${access}> ${name}: array<${type}>;`,
    )
    .join('\n')

/** The buffers with the channels: qkv, or q and kv. */
export const channelBuffers = (plan: AttentionPlan): Declaration[] =>
  (plan.fused ? ['qkv'] : ['q', 'kv']).map((name) => [name, 'read', typeOf(plan)])

/** The buffers of the score's term. */
export function termBuffers({ term }: AttentionPlan): Declaration[] {
  switch (term.kind) {
    case 'none':
      return []
    case 'bias':
      return [['bias', 'read', 'f32']]
    case 'allowed':
      return [['allowed', 'read', term.type]]
    case 'rank':
      return (term.common ? ['ranks'] : ['queryRanks', 'keyRanks']).map((name) => [
        name,
        'read',
        term.type,
      ])
  }
}

/** WGSL for an element of q, k or v, or of its gradient, in a row [batch · tokens] of all heads' units. */
export function channelAt(
  { fused }: AttentionPlan,
  part: 'q' | 'k' | 'v',
  row: string,
  unit: string,
  prefix = '',
): string {
  if (!fused && part === 'q') return `${prefix}q[(${row}) * width + ${unit}]`
  const [buffer, parts, index] = fused
    ? ['qkv', 3, { q: 0, k: 1, v: 2 }[part]]
    : ['kv', 2, part === 'v' ? 1 : 0]
  return `${prefix}${buffer}[((${row}) * ${parts}u + ${index}u) * width + ${unit}]`
}

/** Score of a pair that is not seen: exp(it − any other score) is 0. */
export const HIDDEN = '-3e38'

/**
 * Constants and functions of all attention kernels: WGSL `inner`, and `scored(score, image, head, i, j, queryRank,
 * keyRank)`, the score of query i and key j with the term; ranks come from `queryRank(image, i)` and
 * `keyRank(image, j)`, so that a thread reads its own once. Loop bounds come from a uniform although they are known:
 * some drivers would unroll the loops and compile for minutes.
 */
export const attentionHeader = (plan: AttentionPlan): string => `
struct Sizes { queries: u32, keys: u32, units: u32, images: u32, heads: u32 }
@group(0) @binding(0) var<uniform> sizes: Sizes;
const UNITS = ${unitsOf(plan)}u;
const SCALE = ${plan.size ** -0.5};
const HIDDEN = ${HIDDEN};

fn inner(a: ${typeOf(plan)}, b: ${typeOf(plan)}) -> f32 { return ${plan.size % 4 === 0 ? 'dot(a, b)' : 'a * b'}; }
${termCode(plan.term)}`

function termCode(term: ScoreTerm): string {
  const type = term.kind === 'rank' ? term.type : 'i32'
  const rank = (name: string, count: string): string => {
    if (term.kind !== 'rank') return '0'
    return `${term.common ? 'ranks' : name}[${term.shared ? '' : `image * sizes.${count} + `}token]`
  }
  return `
fn queryRank(image: u32, token: u32) -> ${type} { return ${rank('queryRanks', 'queries')}; }
fn keyRank(image: u32, token: u32) -> ${type} { return ${rank('keyRanks', 'keys')}; }
${term.kind === 'rank' ? seenCode(term) : ''}
fn scored(product: f32, image: u32, head: u32, i: u32, j: u32, own: ${type}, other: ${type}) -> f32 {
  let score = SCALE * product;
  return ${scoreOf(term)};
}`
}

/** WGSL `seen(own, other, i, j)`: whether query i, of rank `own`, sees key j, of rank `other`. */
function seenCode({ type, strict, from, itself }: RankTerm): string {
  const byRank = [
    `other ${strict ? '<' : '<='} own`,
    ...(from > 0 ? [`other >= ${type}(${from})`] : []),
  ].join(' && ')
  return `fn seen(own: ${type}, other: ${type}, i: u32, j: u32) -> bool { return ${itself ? `(${byRank}) || i == j` : byRank}; }`
}

function scoreOf(term: ScoreTerm): string {
  switch (term.kind) {
    case 'none':
      return 'score'
    case 'bias':
      return 'score + bias[(head * sizes.queries + i) * sizes.keys + j]'
    case 'allowed':
      return `select(HIDDEN, score, allowed[(image * sizes.queries + i) * sizes.keys + j] != ${term.type}(0))`
    case 'rank':
      return 'select(HIDDEN, score, seen(own, other, i, j))'
  }
}
