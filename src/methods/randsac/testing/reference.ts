import { sincosPositions } from '../../../models/sincos.ts'
import { patchesOf, type Weights } from '../../../models/testing/reference.ts'
import {
  add,
  attentionOf,
  columns,
  gelu,
  layerNorm,
  linear,
  type Rows,
} from '../../../models/testing/rows.ts'
import { gridOf } from '../../../models/vit.ts'
import type { MaskKind, RandsacConfig } from '../network.ts'

/*
 * RandSAC's network a second time, in float64 with plain loops, and with masks of single pairs of tokens: the yardstick for
 * the one with ranks, in either layout (spec section 4.3).
 */

/** Added to the scores of forbidden pairs: so low that a row with nothing else becomes even, as with −1e9 in float32. */
const FORBIDDEN = -1e300

/** Who sees whom: [query][key]. */
type Mask = readonly (readonly boolean[])[]

/** Which tokens are encoded and which are predicted, in which order, and who sees whom. */
export interface Layout {
  readonly sources: readonly number[]
  readonly targets: readonly number[]
  readonly masks: Readonly<Record<MaskKind, Mask>>
}

const maskOf = (
  queries: readonly number[],
  keys: readonly number[],
  sees: (query: number, key: number) => boolean,
): Mask => queries.map((query) => keys.map((key) => sees(query, key)))

/**
 * Layout (A): tokens in serialised order, the last segment not encoded, the first not predicted. Block k of the targets is
 * the segment after block k of the sources, and all three masks are the triangle of blocks.
 */
export function gatheredLayout(ranks: readonly number[]): Layout {
  const last = Math.max(...ranks)
  const serialised = [...ranks.keys()].sort((a, b) => ranks[a]! - ranks[b]!)
  const sources = serialised.filter((token) => ranks[token]! < last)
  const targets = serialised.filter((token) => ranks[token]! > 0)
  const sourceBlocks = sources.map((token) => ranks[token]!)
  const targetBlocks = targets.map((token) => ranks[token]! - 1)
  const triangle = (queries: readonly number[], keys: readonly number[]): Mask =>
    maskOf(queries, keys, (query, key) => key <= query)
  return {
    sources,
    targets,
    masks: {
      encoder: triangle(sourceBlocks, sourceBlocks),
      decoderSelf: triangle(targetBlocks, targetBlocks),
      memory: triangle(targetBlocks, sourceBlocks),
    },
  }
}

/**
 * Layout (B) with the mistake that spec section 4.3 warns of: predictions look at those of rank 0, for which everything
 * is forbidden in the memory.
 */
export function leakingLayout(ranks: readonly number[]): Layout {
  const all = [...ranks.keys()]
  const earlier = maskOf(ranks, ranks, (query, key) => key <= query)
  const before = maskOf(ranks, ranks, (query, key) => key < query)
  return {
    sources: all,
    targets: all,
    masks: { encoder: earlier, decoderSelf: earlier, memory: before },
  }
}

/**
 * Predictions of one image [side, side, 3] in a layout.
 * @returns rows [targets][3·P·P], in the order of the layout
 */
export function referencePredictions(
  config: RandsacConfig,
  weights: Weights,
  image: Float64Array,
  { sources, targets, masks }: Layout,
): Rows {
  const { width, heads, layerNormEpsilon } = config
  const affine = (name: string): [Float64Array, Float64Array] => [
    weights.get(`${name}.weight`)!,
    weights.get(`${name}.bias`)!,
  ]
  const dense = (name: string, x: Rows): Rows => linear(x, ...affine(name))
  const norm = (name: string, x: Rows): Rows => layerNorm(x, ...affine(name), layerNormEpsilon)
  const mlp = (name: string, x: Rows): Rows =>
    dense(
      `${name}.fc2`,
      dense(`${name}.fc1`, x).map((row) => row.map(gelu)),
    )
  const attend = (q: Rows, k: Rows, v: Rows, mask: Mask): Rows =>
    attentionOf(q, k, v, heads, (query, key) => (mask[query]![key] ? 0 : FORBIDDEN)).context
  const self = (name: string, x: Rows, mask: Mask): Rows => {
    const qkv = dense(`${name}.qkv`, x)
    const [q, k, v] = [0, 1, 2].map((part) => columns(qkv, part, 3))
    return dense(`${name}.proj`, attend(q!, k!, v!, mask))
  }
  const across = (name: string, x: Rows, memory: Rows, mask: Mask): Rows => {
    const kv = dense(`${name}.kv`, memory)
    const [k, v] = [0, 1].map((part) => columns(kv, part, 2))
    return dense(`${name}.proj`, attend(dense(`${name}.q`, x), k!, v!, mask))
  }
  const positions = rowsOf(sincosPositions(gridOf(config), width), width)
  const patches = dense('patch_embed.proj', patchesOf(image, config))
  const placed = add(patches, positions)

  let x = sources.map((token) => placed[token]!)
  const layers: Rows[] = []
  for (let i = 0; i < config.depth; i++) {
    const name = `blocks.${i}`
    x = add(x, self(`${name}.attn`, norm(`${name}.norm1`, x), masks.encoder))
    x = add(x, mlp(`${name}.mlp`, norm(`${name}.norm2`, x)))
    layers.push(x)
  }
  let y = targets.map((token) => positions[token]!)
  for (let l = 0; l < config.decoderDepth; l++) {
    const name = `decoder_blocks.${l}`
    const mixed = config.skip ? mixOf(layers, ...affine('skip_connection'), l) : x
    const memory = config.memoryNorm ? norm(`${name}.memory_norm`, mixed) : mixed
    y = add(y, self(`${name}.self_attn`, norm(`${name}.norm1`, y), masks.decoderSelf))
    y = add(y, across(`${name}.cross_attn`, norm(`${name}.norm2`, y), memory, masks.memory))
    y = add(y, mlp(`${name}.mlp`, norm(`${name}.norm3`, y)))
  }
  return dense('decoder_pred', norm('decoder_norm', y))
}

const rowsOf = (table: Float32Array, width: number): Rows =>
  Array.from({ length: table.length / width }, (_, row) =>
    Float64Array.from(table.subarray(row * width, (row + 1) * width)),
  )

/** Σ weight[row, k] · layers[k] + bias[row]. */
const mixOf = (
  layers: readonly Rows[],
  weight: Float64Array,
  bias: Float64Array,
  row: number,
): Rows =>
  layers[0]!.map((first, t) =>
    first.map((_, i) =>
      layers.reduce(
        (sum, layer, k) => sum + weight[row * layers.length + k]! * layer[t]![i]!,
        bias[row]!,
      ),
    ),
  )
