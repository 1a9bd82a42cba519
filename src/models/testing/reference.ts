import { relativeTableSize } from '../relativePositions.ts'
import { gridOf, type VitConfig } from '../vit.ts'

/** The vision transformer written a second time, in float64 with plain loops. Slow, for tests. */

/** Parameters by name, flat and row-major. */
export type Weights = ReadonlyMap<string, Float64Array>

/** Rows of numbers: [tokens][channels]. */
type Rows = Float64Array[]

/**
 * Index into BEiT's bias table for every (query, key) pair of the class token and grid² patches: offsets row by row,
 * then class → patch, patch → class, class → class.
 */
export function relativeIndex(grid: number): Int32Array {
  const tokens = grid * grid + 1
  const size = relativeTableSize(grid)
  const entry = (query: number, key: number): number => {
    if (query === 0) return key === 0 ? size - 1 : size - 3
    if (key === 0) return size - 2
    const rows = Math.floor((query - 1) / grid) - Math.floor((key - 1) / grid)
    const columns = ((query - 1) % grid) - ((key - 1) % grid)
    return (rows + grid - 1) * (2 * grid - 1) + columns + grid - 1
  }
  return Int32Array.from({ length: tokens * tokens }, (_, i) =>
    entry(Math.floor(i / tokens), i % tokens),
  )
}

const dot = (a: Float64Array, b: Float64Array): number =>
  a.reduce((sum, value, i) => sum + value * b[i]!, 0)

/** y = x Wᵀ + b for every row. */
const linear = (x: Rows, weight: Float64Array, bias: Float64Array): Rows =>
  x.map((row) =>
    bias.map((b, o) => b + dot(row, weight.subarray(o * row.length, (o + 1) * row.length))),
  )

const layerNorm = (x: Rows, weight: Float64Array, bias: Float64Array, epsilon: number): Rows =>
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

const gelu = (x: number): number => (x * (1 + erf(x / Math.SQRT2))) / 2

const softmax = (scores: Float64Array): Float64Array => {
  const largest = Math.max(...scores)
  const powers = scores.map((score) => Math.exp(score - largest))
  const sum = powers.reduce((a, b) => a + b, 0)
  return powers.map((power) => power / sum)
}

/** Patches of one image [side, side, 3], each flattened as (channel, row, column). */
function patchesOf(image: Float64Array, { imageSize, patchSize }: VitConfig): Rows {
  const grid = imageSize / patchSize
  return Array.from({ length: grid * grid }, (_, token) =>
    Float64Array.from({ length: 3 * patchSize * patchSize }, (_, i) => {
      const channel = Math.floor(i / patchSize / patchSize)
      const y = Math.floor(token / grid) * patchSize + (Math.floor(i / patchSize) % patchSize)
      const x = (token % grid) * patchSize + (i % patchSize)
      return image[(y * imageSize + x) * 3 + channel]!
    }),
  )
}

/** What becomes of one image: its features after the final norm, and the attention [block][head][query][key]. */
export interface ReferenceResult {
  readonly features: Rows
  readonly attention: readonly (readonly Rows[])[]
}

/** Position table [tokens][channels]; a class token has no place among sines and cosines. */
function positionsOf(config: VitConfig, weights: Weights): Rows {
  const { width, positions, classToken } = config
  const grid = gridOf(config)
  if (positions === 'learned') {
    const table = weights.get('pos_embed')!
    return Array.from({ length: table.length / width }, (_, t) =>
      table.subarray(t * width, (t + 1) * width),
    )
  }
  const waves = width / 4
  const turned = (place: number): number[] => {
    const angles = Array.from({ length: waves }, (_, i) => place / 10000 ** (i / waves))
    return [...angles.map(Math.sin), ...angles.map(Math.cos)]
  }
  const cells = Array.from({ length: grid * grid }, (_, cell) =>
    Float64Array.of(...turned(cell % grid), ...turned(Math.floor(cell / grid))),
  )
  return classToken ? [new Float64Array(width), ...cells] : cells
}

/** What the network is not shown, or shown elsewhere. */
export interface ReferenceView {
  /** Cells that no token attends to. */
  readonly hidden?: readonly number[]
  /** The place of every cell in the position table; `removed`: no place at all, nor a relative bias. */
  readonly positions?: readonly number[] | 'removed'
}

/**
 * Forward pass of one image [side, side, 3].
 * @param factors of drop path, one a branch: [2·depth]
 */
export function referenceVit(
  config: VitConfig,
  weights: Weights,
  image: Float64Array,
  factors: readonly number[],
  { hidden = [], positions: places }: ReferenceView = {},
): ReferenceResult {
  const { width, heads, depth, layerNormEpsilon: epsilon } = config
  const first = Number(config.classToken)
  const get = (name: string): Float64Array => weights.get(name)!
  const affine = (name: string): [Float64Array, Float64Array] => [
    get(`${name}.weight`),
    get(`${name}.bias`),
  ]
  const add = (x: Rows, branch: Rows, scale: string, factor: number): Rows =>
    x.map((row, t) =>
      row.map((v, i) => v + factor * branch[t]![i]! * (weights.get(`${scale}.gamma`)?.[i] ?? 1)),
    )

  const attend = (name: string, x: Rows): { context: Rows; probabilities: Rows[] } => {
    const bias = config.relativePositions
      ? Float64Array.of(
          ...get(`${name}.q_bias`),
          ...new Float64Array(width),
          ...get(`${name}.v_bias`),
        )
      : get(`${name}.qkv.bias`)
    const qkv = linear(x, get(`${name}.qkv.weight`), bias)
    const size = width / heads
    const part = (row: Float64Array, which: number, head: number): Float64Array =>
      row.subarray(which * width + head * size, which * width + (head + 1) * size)
    const index = relativeIndex(gridOf(config))
    const table =
      places === 'removed' ? undefined : weights.get(`${name}.relative_position_bias_table`)
    const probabilities = Array.from({ length: heads }, (_, head) =>
      qkv.map((query, q) =>
        softmax(
          Float64Array.from(qkv, (key, k) => {
            if (hidden.includes(k - first)) return -Infinity
            const score = dot(part(query, 0, head), part(key, 1, head)) / Math.sqrt(size)
            return score + (table?.[index[q * x.length + k]! * heads + head] ?? 0)
          }),
        ),
      ),
    )
    const context = x.map((_, q) =>
      Float64Array.from({ length: width }, (_, i) => {
        const head = Math.floor(i / size)
        const values = Float64Array.from(qkv, (row) => part(row, 2, head)[i % size]!)
        return dot(probabilities[head]![q]!, values)
      }),
    )
    return { context, probabilities }
  }

  const embedded = linear(patchesOf(image, config), ...affine('patch_embed.proj'))
  const positions = positionsOf(config, weights)
  const positionOf = (t: number, i: number): number => {
    if (t < first || places === undefined) return positions[t]![i]!
    return places === 'removed' ? 0 : positions[places[t - first]! + first]![i]!
  }
  const tokens = config.classToken ? [get('cls_token'), ...embedded] : embedded
  let x: Rows = tokens.map((row, t) => row.map((value, i) => value + positionOf(t, i)))
  const attention: Rows[][] = []
  for (let block = 0; block < depth; block++) {
    const name = `blocks.${block}`
    const { context, probabilities } = attend(
      `${name}.attn`,
      layerNorm(x, ...affine(`${name}.norm1`), epsilon),
    )
    attention.push(probabilities)
    const attended = linear(context, ...affine(`${name}.attn.proj`))
    x = add(x, attended, `${name}.ls1`, factors[2 * block]!)
    const normed = layerNorm(x, ...affine(`${name}.norm2`), epsilon)
    const hidden = linear(normed, ...affine(`${name}.mlp.fc1`)).map((row) => row.map(gelu))
    x = add(x, linear(hidden, ...affine(`${name}.mlp.fc2`)), `${name}.ls2`, factors[2 * block + 1]!)
  }
  return { features: layerNorm(x, ...affine('norm'), epsilon), attention }
}
