import { sincosPositions } from '../../../models/sincos.ts'
import {
  changeOf,
  referenceDecoder,
  type PairMask,
} from '../../../models/testing/decoderReference.ts'
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

/** Which tokens are encoded and which are predicted, in which order, and who sees whom. */
export interface Layout {
  readonly sources: readonly number[]
  readonly targets: readonly number[]
  readonly masks: Readonly<Record<MaskKind, PairMask>>
}

const maskOf = (
  queries: readonly number[],
  keys: readonly number[],
  sees: (query: number, key: number) => boolean,
): PairMask => queries.map((query) => keys.map((key) => sees(query, key)))

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
  const triangle = (queries: readonly number[], keys: readonly number[]): PairMask =>
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
  const positions = rowsOf(sincosPositions(gridOf(config), width), width)
  const placed = add(dense('patch_embed.proj', patchesOf(image, config)), positions)
  let x = sources.map((token) => placed[token]!)
  const layers: Rows[] = []
  for (let i = 0; i < config.depth; i++) {
    const name = `blocks.${i}`
    const qkv = dense(`${name}.attn.qkv`, norm(`${name}.norm1`, x))
    const [q, k, v] = [0, 1, 2].map((part) => columns(qkv, part, 3))
    const { context } = attentionOf(q!, k!, v!, heads, changeOf(masks.encoder))
    x = add(x, dense(`${name}.attn.proj`, context))
    const hidden = dense(`${name}.mlp.fc1`, norm(`${name}.norm2`, x))
    const activated = hidden.map((row) => row.map(gelu))
    x = add(x, dense(`${name}.mlp.fc2`, activated))
    layers.push(x)
  }
  const memories = Array.from({ length: config.decoderDepth }, (_, l) =>
    config.skip ? mixOf(layers, ...affine('skip_connection'), l) : x,
  )
  const { rows } = referenceDecoder(
    { ...config, depth: config.decoderDepth },
    weights,
    targets.map((token) => positions[token]!),
    memories,
    { self: masks.decoderSelf, memory: masks.memory },
  )
  return dense('decoder_pred', norm('decoder_norm', rows))
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
