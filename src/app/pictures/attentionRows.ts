import type { AttentionPart } from '../../pictures.ts'
import { patchName } from './patches.ts'

/** The query that stands for the whole image; all others are patches, numbered row by row from 0. */
export const CLASS_TOKEN = -1

/** One heat map: a layer's head, or the mean over its heads. */
export interface AttentionMap {
  readonly layer: number
  /** Null for the mean over heads. */
  readonly head: number | null
}

/** Whether the class token is one of those that look. */
export const asksAsClass = ({ queries }: AttentionPart): boolean => queries !== 'patches'

/** Whether patches are among those that look. */
export const asksAsPatch = ({ queries }: AttentionPart): boolean => queries !== 'class'

/** Whether the network was shown a patch. */
export const isVisible = ({ visible }: AttentionPart, patch: number): boolean =>
  visible === undefined || visible[patch] === 1

/** The patches that the network was shown. */
export const visiblePatches = (part: AttentionPart, patches: number): number[] =>
  Array.from({ length: patches }, (_, patch) => patch).filter((patch) => isVisible(part, patch))

/** A chosen query as far as this part has it; otherwise the class token, or else a patch near the middle. */
export function queryWithin(part: AttentionPart, grid: number, query: number | null): number {
  const patches = grid * grid
  if (query !== null && query < patches && asksAsPatch(part) && isVisible(part, query)) return query
  if (asksAsClass(part)) return CLASS_TOKEN
  const middle = Math.floor(grid / 2) * (grid + 1)
  return visiblePatches(part, patches).find((patch) => patch >= middle) ?? middle
}

/** What one query looks at in one head: the class token's share, where it is a key, and those of the patches. */
function sharesOf(part: AttentionPart, patches: number, map: HeadMap, query: number) {
  const { heads, queries, classKey, weights } = part
  const rows = { class: 1, patches, all: patches + 1 }[queries]
  const row = { class: 0, patches: query, all: query + 1 }[queries]
  const keys = patches + Number(classKey)
  const start = ((map.layer * heads + map.head) * rows + row) * keys
  const shares = weights.subarray(start, start + keys)
  return { ofClass: classKey ? shares[0]! : 0, ofPatches: shares.subarray(Number(classKey)) }
}

interface HeadMap extends AttentionMap {
  readonly head: number
}

/** The heads of a map: one, or all of its layer. */
const headsOf = ({ heads }: AttentionPart, { layer, head }: AttentionMap): readonly HeadMap[] =>
  head === null
    ? Array.from({ length: heads }, (_, each) => ({ layer, head: each }))
    : [{ layer, head }]

/**
 * How much the query looks at each patch, in one map: [patches] probabilities. The class token's share of a patch's
 * look is left out, so that they sum to less than 1; what the class token sees besides itself is scaled to sum to 1.
 */
export function attentionRow(
  part: AttentionPart,
  patches: number,
  map: AttentionMap,
  query: number,
): Float32Array {
  const mean = new Float32Array(patches)
  const heads = headsOf(part, map)
  for (const head of heads) {
    const { ofClass, ofPatches } = sharesOf(part, patches, head, query)
    const rest = query === CLASS_TOKEN ? 1 - ofClass : 1
    if (rest <= 0) continue
    ofPatches.forEach((share, patch) => (mean[patch]! += share / rest / heads.length))
  }
  return mean
}

/** How much the class token looks at itself, in one map; null where it is no key. */
export function classShare(part: AttentionPart, patches: number, map: AttentionMap): number | null {
  if (!part.classKey || !asksAsClass(part)) return null
  const heads = headsOf(part, map)
  return heads.reduce(
    (sum, head) => sum + sharesOf(part, patches, head, CLASS_TOKEN).ofClass / heads.length,
    0,
  )
}

/** Every map of one query, [layer][head…, mean], with the largest value of all single heads and means. */
export function attentionRows(part: AttentionPart, patches: number, query: number) {
  const rows = Array.from({ length: part.layers }, (_, layer) =>
    Array.from({ length: part.heads + 1 }, (_, head) =>
      attentionRow(part, patches, { layer, head: head === part.heads ? null : head }, query),
    ),
  )
  return { rows, top: Math.max(...rows.flat().map(topOf)) }
}

/** The largest value of a map. */
export function topOf(values: Float32Array): number {
  return values.reduce((top, value) => (value > top ? value : top), 0)
}

/** The patch with the largest value. */
export const strongestPatch = (values: Float32Array): number => values.indexOf(topOf(values))

/** What a query is called. */
export const queryName = (query: number, grid: number) =>
  query === CLASS_TOKEN ? 'class token' : `patch in ${patchName(query, grid)}`
