import type { DecoderConfig } from '../decoder.ts'
import type { Weights } from './reference.ts'
import { add, attentionOf, columns, gelu, layerNorm, linear, type Rows } from './rows.ts'

/** The transformer decoder a second time, in float64 with plain loops. Slow, for tests. */

/** Added to the scores of forbidden pairs: so low that a row with nothing else becomes even, as with −1e9 in float32. */
const FORBIDDEN = -1e300

/** Who sees whom: [query][key]. */
export type PairMask = readonly (readonly boolean[])[]

/** What is added to a score. */
export const changeOf =
  (mask: PairMask) =>
  (query: number, key: number): number =>
    mask[query]![key] ? 0 : FORBIDDEN

/** What becomes of the queries, and the attention [layer][head][query][key] to one another and to the memory. */
export interface DecoderReference {
  readonly rows: Rows
  readonly self: readonly (readonly Rows[])[]
  readonly memory: readonly (readonly Rows[])[]
}

/** Forward pass of one image. */
export function referenceDecoder(
  { depth, heads, layerNormEpsilon, memoryNorm }: DecoderConfig,
  weights: Weights,
  queries: Rows,
  memories: readonly Rows[],
  masks: { readonly self: PairMask; readonly memory: PairMask },
): DecoderReference {
  const affine = (name: string): [Float64Array, Float64Array] => [
    weights.get(`${name}.weight`)!,
    weights.get(`${name}.bias`)!,
  ]
  const dense = (name: string, x: Rows): Rows => linear(x, ...affine(name))
  const norm = (name: string, x: Rows): Rows => layerNorm(x, ...affine(name), layerNormEpsilon)
  const parts = (x: Rows, count: number): Rows[] =>
    Array.from({ length: count }, (_, part) => columns(x, part, count))
  const self: Rows[][] = []
  const memory: Rows[][] = []
  let y = queries
  for (let l = 0; l < depth; l++) {
    const name = `decoder_blocks.${l}`
    const [q, k, v] = parts(dense(`${name}.self_attn.qkv`, norm(`${name}.norm1`, y)), 3)
    const own = attentionOf(q!, k!, v!, heads, changeOf(masks.self))
    self.push(own.probabilities)
    y = add(y, dense(`${name}.self_attn.proj`, own.context))

    const seen = memoryNorm ? norm(`${name}.memory_norm`, memories[l]!) : memories[l]!
    const [keys, values] = parts(dense(`${name}.cross_attn.kv`, seen), 2)
    const asking = dense(`${name}.cross_attn.q`, norm(`${name}.norm2`, y))
    const across = attentionOf(asking, keys!, values!, heads, changeOf(masks.memory))
    memory.push(across.probabilities)
    y = add(y, dense(`${name}.cross_attn.proj`, across.context))

    const hidden = dense(`${name}.mlp.fc1`, norm(`${name}.norm3`, y))
    y = add(
      y,
      dense(
        `${name}.mlp.fc2`,
        hidden.map((row) => row.map(gelu)),
      ),
    )
  }
  return { rows: y, self, memory }
}
