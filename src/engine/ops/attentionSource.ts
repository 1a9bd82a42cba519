import type * as tf from '@tensorflow/tfjs'
import type { AttentionPlan, ScoreTerm } from '../kernels/attentionPlan.ts'

/** Where queries, keys and values come from; in each of them head 0 comes first. */
export type AttentionSource =
  /** Self-attention: [batch, tokens, 3 D], the columns of q, then k, then v. */
  | { readonly qkv: tf.Tensor3D }
  /** Cross-attention: q [batch, queries, D] and kv [batch, keys, 2 D], the columns of k, then v. */
  | { readonly q: tf.Tensor3D; readonly kv: tf.Tensor3D }

/** Which keys a query sees, by the ranks of their tokens. */
export interface RankMask {
  /** Ranks of the queries, [batch, queries], or [queries] alike for all images. */
  readonly queries: tf.Tensor
  /** Ranks of the keys, likewise; those of the queries where left out. */
  readonly keys?: tf.Tensor
  /** False: rank[key] ≤ rank[query]. True: rank[key] < rank[query]. Default false. */
  readonly strict?: boolean
  /** Keys of a lower rank are not seen. Default 0. */
  readonly from?: number
  /** Whether query i sees key i in any case, so that no row is empty. Default false. */
  readonly itself?: boolean
}

/** What is done to the scores before the softmax. */
export type ScoreChange =
  /** A bias [heads, queries, keys] is added; it gets a gradient. */
  | { readonly bias: tf.Tensor3D }
  | { readonly ranks: RankMask }
  /** [batch, queries, keys], 0 where a query does not see a key. */
  | { readonly allowed: tf.Tensor3D }

/** An attention, taken apart for its kernels. */
interface Parts {
  readonly plan: AttentionPlan
  readonly images: number
  /** Tensors with the channels. */
  readonly sources: tf.Tensor3D[]
  /** Tensors of the change to the scores. */
  readonly terms: tf.Tensor[]
}

/** @throws Error when the shapes do not fit together */
export function planOf(source: AttentionSource, heads: number, change: ScoreChange | null): Parts {
  const fused = 'qkv' in source
  const sources = fused ? [source.qkv] : [source.q, source.kv]
  const [images, queries, columns] = sources[0]!.shape
  const keys = sources.at(-1)!.shape[1]
  const width = fused ? columns / 3 : columns
  const size = width / heads
  if (!Number.isInteger(size)) throw new Error(`${width} channels are not those of ${heads} heads`)
  if (!fused) expectShape('kv', source.kv, [images, keys, 2 * width])
  const { term, terms } = termOf(change, [images, heads, queries, keys])
  return { plan: { fused, queries, keys, heads, size, term }, images, sources, terms }
}

function termOf(
  change: ScoreChange | null,
  [images, heads, queries, keys]: readonly [number, number, number, number],
): { term: ScoreTerm; terms: tf.Tensor[] } {
  if (change === null) return { term: { kind: 'none' }, terms: [] }
  if ('bias' in change) {
    expectShape('the bias', change.bias, [heads, queries, keys])
    return { term: { kind: 'bias' }, terms: [change.bias] }
  }
  if ('allowed' in change) {
    expectShape('the mask', change.allowed, [images, queries, keys])
    return { term: { kind: 'allowed', type: typeOf(change.allowed) }, terms: [change.allowed] }
  }
  const { ranks } = change
  const ofKeys = ranks.keys ?? ranks.queries
  const common = ofKeys === ranks.queries
  const shared = ranks.queries.rank === 1
  const type = typeOf(ranks.queries)
  expectShape('the ranks', ranks.queries, shared ? [queries] : [images, queries])
  expectShape('the ranks', ofKeys, shared ? [keys] : [images, keys])
  if (type !== typeOf(ofKeys)) throw new Error('the ranks of queries and keys differ in type')
  const { strict = false, from = 0, itself = false } = ranks
  return {
    term: { kind: 'rank', type, strict, from, itself, shared, common },
    terms: common ? [ranks.queries] : [ranks.queries, ofKeys],
  }
}

/** tfjs keeps booleans as integers. */
const typeOf = ({ dtype }: tf.Tensor): 'i32' | 'f32' => (dtype === 'float32' ? 'f32' : 'i32')

function expectShape(what: string, { shape }: tf.Tensor, expected: readonly number[]): void {
  if (shape.join() !== expected.join())
    throw new Error(`${what} [${shape.join()}] should be [${expected.join()}]`)
}
