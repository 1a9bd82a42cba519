import type { AttentionPicture } from '../../pictures.ts'
import {
  attentionRow,
  CLASS_TOKEN,
  patchName,
  queryName,
  strongestPatch,
  type AttentionMap,
} from './attentionRows.ts'

/** A probability with three significant digits: "0.0312". */
export const formatWeight = (weight: number): string =>
  weight >= 0.0001 || weight === 0 ? String(Number(weight.toPrecision(3))) : weight.toExponential(1)

/** "Layer 3, head 2", "Layer 3, mean over heads". */
export const mapName = ({ layer, head }: AttentionMap): string =>
  `Layer ${layer + 1}, ${head === null ? 'mean over heads' : `head ${head + 1}`}`

/** The value under the cursor in a map; its strongest patch where the cursor is on none (keyboard focus). */
export function mapReadout(
  picture: AttentionPicture,
  map: AttentionMap,
  query: number,
  patch: number | null,
): string {
  const values = attentionRow(picture, map, query)
  const shown = patch ?? strongestPatch(values)
  const name = patchName(shown, picture.grid)
  const where = patch === null ? `strongest in ${name}` : name
  return `${mapName(map)}: ${formatWeight(values[shown] ?? 0)}, ${where}`
}

/** What the query is, and how much it looks at itself. */
export function queryReadout(picture: AttentionPicture, map: AttentionMap, query: number): string {
  if (query === CLASS_TOKEN) return `${mapName(map)}, seen from the class token`
  const values = attentionRow(picture, map, query)
  const own = formatWeight(values[query - 1] ?? 0)
  return `${mapName(map)}, seen from the ${queryName(query, picture.grid)}; ${own} on itself`
}
