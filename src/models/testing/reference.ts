import { relativeTableSize } from '../relativeTable.ts'
import { gridOf, type VitConfig } from '../vit.ts'
import { attentionOf, columns, gelu, layerNorm, linear, type Rows } from './rows.ts'

/** The vision transformer written a second time, in float64 with plain loops. Slow, for tests. */

/** Parameters by name, flat and row-major. */
export type Weights = ReadonlyMap<string, Float64Array>

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

/** Patches of one image [side, side, 3], each flattened as (channel, row, column). */
export function patchesOf(image: Float64Array, { imageSize, patchSize }: VitConfig): Rows {
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

/** What becomes of one image: its features, and the attention [block][head][query][key]. */
export interface ReferenceResult {
  readonly features: Rows
  readonly attention: readonly (readonly Rows[])[]
}

/** Position table [tokens][channels]; a class token has no place among sines and cosines. */
export function positionsOf(config: VitConfig, weights: Weights): Rows {
  const { width, positions, classToken } = config
  const grid = gridOf(config)
  const withClass = (cells: Rows): Rows =>
    classToken ? [new Float64Array(width), ...cells] : cells
  if (positions !== 'sincos') {
    const table = weights.get('pos_embed')!
    const rows = Array.from({ length: table.length / width }, (_, t) =>
      table.subarray(t * width, (t + 1) * width),
    )
    return positions === 'learned' ? rows : withClass(rows)
  }
  const waves = width / 4
  const turned = (place: number): number[] => {
    const angles = Array.from({ length: waves }, (_, i) => place / 10000 ** (i / waves))
    return [...angles.map(Math.sin), ...angles.map(Math.cos)]
  }
  const cells = Array.from({ length: grid * grid }, (_, cell) =>
    Float64Array.of(...turned(cell % grid), ...turned(Math.floor(cell / grid))),
  )
  return withClass(cells)
}

/** What the network is not shown, or shown elsewhere. */
export interface ReferenceView {
  /** Cells that no token attends to. */
  readonly hidden?: readonly number[]
  /** The place of every cell in the position table; `removed`: no place at all, nor a relative bias. */
  readonly positions?: readonly number[] | 'removed'
  /** Ranks of the tokens, which see no token of a higher one. */
  readonly ranks?: readonly number[]
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
  { hidden = [], positions: places, ranks }: ReferenceView = {},
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
    const index = relativeIndex(gridOf(config))
    const table =
      places === 'removed' ? undefined : weights.get(`${name}.relative_position_bias_table`)
    const tokens = x.length
    return attentionOf(
      columns(qkv, 0, 3),
      columns(qkv, 1, 3),
      columns(qkv, 2, 3),
      heads,
      (q, k, head) =>
        hidden.includes(k - first) || (ranks !== undefined && ranks[k]! > ranks[q]!)
          ? -Infinity
          : (table?.[index[q * tokens + k]! * heads + head] ?? 0),
    )
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
  const features = config.finalNorm ? layerNorm(x, ...affine('norm'), epsilon) : x
  return { features, attention }
}
