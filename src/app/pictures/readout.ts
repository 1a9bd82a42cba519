import type { AttentionPart } from '../../pictures.ts'
import {
  attentionRow,
  CLASS_TOKEN,
  classShare,
  isVisible,
  queryName,
  strongestPatch,
  type AttentionMap,
} from './attentionRows.ts'
import { patchName } from './patches.ts'

/** A probability with three significant digits: "0.0312". */
export const formatWeight = (weight: number): string =>
  weight >= 0.0001 || weight === 0 ? String(Number(weight.toPrecision(3))) : weight.toExponential(1)

/** "Layer 3, head 2", "Layer 3, mean over heads". */
export const mapName = ({ layer, head }: AttentionMap): string =>
  `Layer ${layer + 1}, ${head === null ? 'mean over heads' : `head ${head + 1}`}`

/** One map as seen from one token. */
export interface SeenMap {
  readonly part: AttentionPart
  /** Patches along a side of the image. */
  readonly grid: number
  readonly map: AttentionMap
  readonly query: number
}

const rowOf = ({ part, grid, map, query }: SeenMap) => attentionRow(part, grid * grid, map, query)

/** The value under the cursor in a map; its strongest patch where the cursor is on none (keyboard focus). */
export function mapReadout(seen: SeenMap, patch: number | null): string {
  const { part, grid, map } = seen
  const values = rowOf(seen)
  const shown = patch ?? strongestPatch(values)
  const name = patchName(shown, grid)
  if (!isVisible(part, shown)) return `${mapName(map)}: ${name} was hidden from the network`
  const where = patch === null ? `strongest in ${name}` : name
  return `${mapName(map)}: ${formatWeight(values[shown] ?? 0)}, ${where}`
}

/** What the query is, and how much it looks at itself. */
export function queryReadout(seen: SeenMap): string {
  const { part, grid, map, query } = seen
  const from = `${mapName(map)}, seen from the ${queryName(query, grid)}`
  if (query !== CLASS_TOKEN) return `${from}; ${formatWeight(rowOf(seen)[query] ?? 0)} on itself`
  const own = classShare(part, grid * grid, map)
  return own === null
    ? from
    : `${from}; ${formatWeight(own)} on itself, the maps share out the rest`
}
