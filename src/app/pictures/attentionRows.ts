import type { AttentionPicture } from '../../pictures.ts'

/** The query that stands for the whole image. */
export const CLASS_TOKEN = 0

/** One heat map: a layer's head, or the mean over its heads. */
export interface AttentionMap {
  readonly layer: number
  /** Null for the mean over heads. */
  readonly head: number | null
}

/**
 * How much the query token looks at each patch, in one map: [grid²] probabilities. The class token's own share is left
 * out, so they sum to less than 1.
 */
export function attentionRow(
  picture: AttentionPicture,
  { layer, head }: AttentionMap,
  query: number,
): Float32Array {
  const { heads, tokens } = picture
  const row = (h: number) => {
    const start = ((layer * heads + h) * tokens + query) * tokens
    return picture.weights.subarray(start + 1, start + tokens)
  }
  if (head !== null) return row(head)
  const mean = new Float32Array(tokens - 1)
  for (let h = 0; h < heads; h++)
    row(h).forEach((weight, patch) => (mean[patch]! += weight / heads))
  return mean
}

/** Every map of one query, [layer][head…, mean], with the largest value of all single heads and means. */
export function attentionRows(picture: AttentionPicture, query: number) {
  const rows = Array.from({ length: picture.layers }, (_, layer) =>
    Array.from({ length: picture.heads + 1 }, (_, head) =>
      attentionRow(picture, { layer, head: head === picture.heads ? null : head }, query),
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

/** Where a patch lies, counted from 1: "row 3, column 5". */
export const patchName = (patch: number, grid: number) =>
  `row ${Math.floor(patch / grid) + 1}, column ${(patch % grid) + 1}`

/** What a query token is called. */
export const queryName = (query: number, grid: number) =>
  query === CLASS_TOKEN ? 'class token' : `patch in ${patchName(query - 1, grid)}`
