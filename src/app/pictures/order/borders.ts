/** A cell of a square grid, by its number; null outside of the grid. */
type Side = number | null

/**
 * An SVG path along all edges of a grid's cells for which `isBorder` holds, in units of a cell. Edges in a row become one
 * line. Asked of both sides of an edge: left and right, or above and below.
 */
function edges(grid: number, isBorder: (before: Side, after: Side) => boolean): string {
  const parts: string[] = []
  const cellAt = (row: number, column: number): Side =>
    row < 0 || column < 0 || row >= grid || column >= grid ? null : row * grid + column
  for (let line = 0; line <= grid; line++)
    for (const across of [true, false]) {
      let start: number | null = null
      for (let along = 0; along <= grid; along++) {
        const [before, after] = across
          ? [cellAt(line - 1, along), cellAt(line, along)]
          : [cellAt(along, line - 1), cellAt(along, line)]
        const border = along < grid && isBorder(before, after)
        if (border) start ??= along
        else if (start !== null) {
          parts.push(across ? `M${start} ${line}H${along}` : `M${line} ${start}V${along}`)
          start = null
        }
      }
    }
  return parts.join('')
}

/** The borders between cells of different groups, as an SVG path in units of a cell; not the edge of the grid. */
export const bordersBetween = (groups: ArrayLike<number>, grid: number): string =>
  edges(grid, (a, b) => a !== null && b !== null && groups[a] !== groups[b])

/** The outline of all cells for which `isIn` holds, along the edge of the grid, too. */
export function outlineOf(isIn: (cell: number) => boolean, grid: number): string {
  const has = (side: Side) => side !== null && isIn(side)
  return edges(grid, (a, b) => has(a) !== has(b))
}
