/** A cell of a grid, by its number; null outside of the grid. */
type Side = number | null

/**
 * An SVG path along all edges of a grid's cells for which `isBorder` holds, in units of a cell. Edges in a row become one
 * line. Asked of both sides of an edge: left and right, or above and below.
 */
function edges(
  columns: number,
  rows: number,
  isBorder: (before: Side, after: Side) => boolean,
): string {
  const cellAt = (row: number, column: number): Side =>
    row < 0 || column < 0 || row >= rows || column >= columns ? null : row * columns + column
  const parts: string[] = []
  for (let y = 0; y <= rows; y++)
    for (const [from, to] of runs(columns, (x) => isBorder(cellAt(y - 1, x), cellAt(y, x))))
      parts.push(`M${from} ${y}H${to}`)
  for (let x = 0; x <= columns; x++)
    for (const [from, to] of runs(rows, (y) => isBorder(cellAt(y, x - 1), cellAt(y, x))))
      parts.push(`M${x} ${from}V${to}`)
  return parts.join('')
}

/** Where something holds without a break among so many places: from the first to behind the last. */
function runs(count: number, holds: (at: number) => boolean): [from: number, to: number][] {
  const found: [number, number][] = []
  for (let at = 0; at < count; at++) {
    if (!holds(at)) continue
    const last = found.at(-1)
    if (last?.[1] === at) last[1] = at + 1
    else found.push([at, at + 1])
  }
  return found
}

/** The borders between cells of different groups, as an SVG path in units of a cell; not the edge of the grid. */
export const bordersBetween = (groups: ArrayLike<number>, grid: number): string =>
  edges(grid, grid, (a, b) => a !== null && b !== null && groups[a] !== groups[b])

/** The outline of all cells for which `isIn` holds, along the edge of the grid, too; as many rows as columns by default. */
export function outlineOf(
  isIn: (cell: number) => boolean,
  columns: number,
  rows = columns,
): string {
  const has = (side: Side) => side !== null && isIn(side)
  return edges(columns, rows, (a, b) => has(a) !== has(b))
}
