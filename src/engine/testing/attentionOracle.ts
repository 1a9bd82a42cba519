import type { Answer } from './oracle.ts'
import type { HostTensor } from './run.ts'

/** Whether a query of an image sees a key. */
export type Sees = (image: number, query: number, key: number) => boolean

/**
 * Attention on qkv [batch, tokens, 3 D], or, `cross`, on q [batch, queries, D] and kv [batch, keys, 2 D]; then a bias
 * [heads, queries, keys], if there is one. With the probabilities [batch, heads, query, key] beside the value. A
 * query that sees nothing gives 0.
 */
export const attentionOracle =
  (heads: number, sees: Sees = () => true, cross = false) =>
  (
    inputs: readonly HostTensor[],
    dy: ArrayLike<number>,
  ): Answer & { probabilities: Float64Array } => {
    const [qs, kvs] = cross ? [inputs[0]!, inputs[1]!] : [inputs[0]!, inputs[0]!]
    const bias = inputs[cross ? 2 : 1]
    const [batch, queries, columns] = qs.shape as [number, number, number]
    const [, keys, kvColumns] = kvs.shape as [number, number, number]
    const width = cross ? columns : columns / 3
    const [kOffset, vOffset] = cross ? [0, width] : [width, 2 * width]
    const size = width / heads
    const scale = size ** -0.5
    const value = new Float64Array(batch * queries * width)
    const probabilities = new Float64Array(batch * heads * queries * keys)
    const dqs = new Float64Array(qs.data.length)
    const dkvs = cross ? new Float64Array(kvs.data.length) : dqs
    const dbias = new Float64Array(heads * queries * keys)
    const all = Array.from({ length: keys }, (_, j) => j)
    const channels = Array.from({ length: size }, (_, c) => c)
    for (let b = 0; b < batch; b++)
      for (let h = 0; h < heads; h++)
        for (let i = 0; i < queries; i++) {
          const q = (b * queries + i) * columns + h * size
          const out = (b * queries + i) * width + h * size
          const k = (j: number): number => (b * keys + j) * kvColumns + kOffset + h * size
          const v = (j: number): number => (b * keys + j) * kvColumns + vOffset + h * size
          const pairs = (h * queries + i) * keys
          const dot = (a: ArrayLike<number>, from: number, to: number): number =>
            channels.reduce((sum, c) => sum + a[from + c]! * kvs.data[to + c]!, 0)
          const visible = all.filter((j) => sees(b, i, j))
          const scores = all.map(
            (j) => scale * dot(qs.data, q, k(j)) + (bias?.data[pairs + j] ?? 0),
          )
          const largest = Math.max(...visible.map((j) => scores[j]!))
          const total = visible.reduce((sum, j) => sum + Math.exp(scores[j]! - largest), 0)
          const p = new Map(visible.map((j) => [j, Math.exp(scores[j]! - largest) / total]))
          const mean = visible.reduce((sum, j) => sum + p.get(j)! * dot(dy, out, v(j)), 0)
          for (const [j, share] of p) {
            probabilities[((b * heads + h) * queries + i) * keys + j] = share
            const ds = share * (dot(dy, out, v(j)) - mean)
            dbias[pairs + j]! += ds
            for (const c of channels) {
              value[out + c]! += share * kvs.data[v(j) + c]!
              dqs[q + c]! += scale * ds * kvs.data[k(j) + c]!
              dkvs[k(j) + c]! += scale * ds * qs.data[q + c]!
              dkvs[v(j) + c]! += share * dy[out + c]!
            }
          }
        }
    const gradients = [dqs, ...(cross ? [dkvs] : []), ...(bias ? [dbias] : [])]
    return { value, probabilities, gradients }
  }
