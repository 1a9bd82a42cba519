/** What transformers are made of, in float64 with plain loops. Slow, for tests. */

/** Rows of numbers: [tokens][channels]. */
export type Rows = Float64Array[]

/** Σ a[i] · b[from + i]: differences by every parameter take it millions of times. */
function dot(a: Float64Array, b: Float64Array, from = 0): number {
  let sum = 0
  for (let i = 0; i < a.length; i++) sum += a[i]! * b[from + i]!
  return sum
}

/** y = x Wᵀ + b for every row. */
export const linear = (x: Rows, weight: Float64Array, bias: Float64Array): Rows =>
  x.map((row) => bias.map((b, o) => b + dot(row, weight, o * row.length)))

/** Layer norm of every row. */
export const layerNorm = (
  x: Rows,
  weight: Float64Array,
  bias: Float64Array,
  epsilon: number,
): Rows =>
  x.map((row) => {
    const mean = row.reduce((sum, value) => sum + value, 0) / row.length
    const variance = row.reduce((sum, value) => sum + (value - mean) ** 2, 0) / row.length
    return row.map((v, i) => ((v - mean) / Math.sqrt(variance + epsilon)) * weight[i]! + bias[i]!)
  })

/** Error function by its Taylor series: to float64 precision for the small arguments of tests. */
function erf(x: number): number {
  let [term, sum] = [x, x]
  for (let n = 1; Math.abs(term) > 1e-17; n++) {
    term *= (-x * x) / n
    sum += term / (2 * n + 1)
  }
  return (2 / Math.sqrt(Math.PI)) * sum
}

/** The exact GELU. */
export const gelu = (x: number): number => (x * (1 + erf(x / Math.SQRT2))) / 2

const softmax = (scores: Float64Array): Float64Array => {
  const largest = Math.max(...scores)
  const powers = scores.map((score) => Math.exp(score - largest))
  const sum = powers.reduce((a, b) => a + b, 0)
  return powers.map((power) => power / sum)
}

/** Part `which` of the columns, cut into `parts` of one size. */
export const columns = (x: Rows, which: number, parts: number): Rows =>
  x.map((row) => row.subarray((which * row.length) / parts, ((which + 1) * row.length) / parts))

/** Sum of rows. */
export const add = (x: Rows, y: Rows): Rows =>
  x.map((row, t) => row.map((value, i) => value + y[t]![i]!))

/**
 * Multi-head attention.
 * @param change what is added to the score of a query and a key
 * @returns the rows of the queries, and the probabilities [head][query][key]
 */
export function attentionOf(
  q: Rows,
  k: Rows,
  v: Rows,
  heads: number,
  change: (query: number, key: number, head: number) => number,
): { context: Rows; probabilities: Rows[] } {
  const size = q[0]!.length / heads
  const part = (row: Float64Array, head: number): Float64Array =>
    row.subarray(head * size, (head + 1) * size)
  const probabilities = Array.from({ length: heads }, (_, head) =>
    q.map((query, i) =>
      softmax(
        Float64Array.from(
          k,
          (key, j) =>
            dot(part(query, head), part(key, head)) / Math.sqrt(size) + change(i, j, head),
        ),
      ),
    ),
  )
  const channels = Array.from(v[0]!, (_, channel) =>
    Float64Array.from(v, (value) => value[channel]!),
  )
  const context = q.map((row, i) =>
    row.map((_, channel) =>
      dot(probabilities[Math.floor(channel / size)]![i]!, channels[channel]!),
    ),
  )
  return { context, probabilities }
}
