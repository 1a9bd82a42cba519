import { attentionOracle } from '../../engine/testing/attentionOracle.ts'
import { mlpOracle } from '../../engine/testing/mlpOracle.ts'
import { layerNormOracle, linearOracle, type Oracle } from '../../engine/testing/oracle.ts'
import type { HostTensor } from '../../engine/testing/run.ts'
import type { ClassAttentionConfig } from '../classAttention.ts'

/** A value in float64, and how a gradient of it is handed on. */
interface Node extends HostTensor {
  readonly data: Float64Array
  readonly gradient: Float64Array
  /** Adds what its gradient says to the gradients of what it was made from. */
  readonly back: () => void
}

const nodeOf = (
  shape: readonly number[],
  data: Float64Array,
  back = (): void => undefined,
): Node => ({
  shape,
  data,
  gradient: new Float64Array(data.length),
  back,
})

const addTo = (sum: Float64Array, values: Float64Array): void =>
  values.forEach((value, i) => (sum[i]! += value))

/**
 * Class attention as `ClassAttention.read` has it, in float64: inputs are the tokens [R, n, D], then the parameters in the
 * order of `classAttentionParameters`. With the probabilities [R, heads, 1 + n] of every block beside the value.
 */
export const classAttentionOracle =
  (config: ClassAttentionConfig) =>
  (
    inputs: readonly HostTensor[],
    dy: ArrayLike<number>,
  ): ReturnType<Oracle> & { readonly probabilities: Float64Array[] } => {
    const [R, n, D] = inputs[0]!.shape as [number, number, number]
    const made: Node[] = []
    const probabilities: Float64Array[] = []
    const leaves = inputs.map(({ shape, data }) => nodeOf(shape, Float64Array.from(data)))

    /** A node made from others: `give` says what its gradient adds to theirs. */
    const make = (
      shape: readonly number[],
      data: Float64Array,
      from: readonly Node[],
      give: (dy: Float64Array) => readonly Float64Array[],
    ): Node => {
      const node: Node = nodeOf(shape, data, () =>
        give(node.gradient).forEach((gradient, i) => addTo(from[i]!.gradient, gradient)),
      )
      made.push(node)
      return node
    }
    const apply = (oracle: Oracle, shape: readonly number[], ...from: Node[]): Node =>
      make(shape, oracle(from, []).value, from, (d) => oracle(from, d).gradients)
    /** A rearrangement: entry i comes from entry index(i) of source which(i). */
    const pick = (
      shape: readonly number[],
      from: readonly Node[],
      where: (i: number) => readonly [source: number, index: number],
    ): Node => {
      const length = shape.reduce((product, side) => product * side, 1)
      const places = Array.from({ length }, (_, i) => where(i))
      const data = Float64Array.from(places, ([source, index]) => from[source]!.data[index]!)
      return make(shape, data, from, (d) => {
        const gradients = from.map((source) => new Float64Array(source.data.length))
        places.forEach(([source, index], i) => (gradients[source]![index]! += d[i]!))
        return gradients
      })
    }
    /** c + g ⊙ branch. */
    const scaled = (c: Node, branch: Node, g: Node): Node =>
      make(
        c.shape,
        c.data.map((value, i) => value + branch.data[i]! * g.data[i % D]!),
        [c, branch, g],
        (d) => {
          const dg = new Float64Array(D)
          d.forEach((value, i) => (dg[i % D]! += value * branch.data[i]!))
          return [d, d.map((value, i) => value * g.data[i % D]!), dg]
        },
      )

    const [tokens, start, ...parameters] = leaves as [Node, Node, ...Node[]]
    const norm = layerNormOracle(config.layerNormEpsilon)
    let c = pick([R, 1, D], [start], (i) => [0, i % D])
    for (let block = 0; block < config.classBlocks; block++) {
      const [g1, g2, w1, b1, wq, bq, wk, bk, wv, bv, wo, bo, w2, b2, m1, a1, m2, a2] =
        parameters.slice(18 * block, 18 * (block + 1)) as [
          ...[Node, Node, Node, Node, Node, Node, Node, Node, Node],
          ...[Node, Node, Node, Node, Node, Node, Node, Node, Node],
        ]
      const U = pick([R, n + 1, D], [c, tokens], (i) => {
        const [row, token, channel] = [
          Math.floor(i / D / (n + 1)),
          Math.floor(i / D) % (n + 1),
          i % D,
        ]
        return token === 0 ? [0, row * D + channel] : [1, (row * n + token - 1) * D + channel]
      })
      const Un = apply(norm, U.shape, U, w1, b1)
      const first = pick([R, 1, D], [Un], (i) => [0, Math.floor(i / D) * (n + 1) * D + (i % D)])
      const q = apply(linearOracle, [R, 1, D], first, wq, bq)
      const k = apply(linearOracle, U.shape, Un, wk, bk)
      const v = apply(linearOracle, U.shape, Un, wv, bv)
      const kv = pick([R, n + 1, 2 * D], [k, v], (i) => {
        const [row, channel] = [Math.floor(i / 2 / D), i % (2 * D)]
        return channel < D ? [0, row * D + channel] : [1, row * D + channel - D]
      })
      const attend = attentionOracle(config.heads, () => true, true)
      probabilities.push(attend([q, kv], []).probabilities)
      const read = apply(attend, [R, 1, D], q, kv)
      const c1 = scaled(c, apply(linearOracle, [R, 1, D], read, wo, bo), g1)
      const normal = apply(norm, [R, 1, D], c1, w2, b2)
      c = scaled(c1, apply(mlpOracle, [R, 1, D], normal, m1, a1, m2, a2), g2)
    }
    addTo(c.gradient, Float64Array.from(dy))
    made.toReversed().forEach((node) => node.back())
    return { value: c.data, gradients: leaves.map(({ gradient }) => gradient), probabilities }
  }
