/** A place in a grid of focusable cells, counted from 0; row and column 0 may be headings. */
export interface Place {
  readonly row: number
  readonly column: number
}

/** The keys that move within a grid. */
type Move = (place: Place, last: Place) => Place

const moves: Readonly<Record<string, Move>> = {
  ArrowLeft: ({ row, column }) => ({ row, column: column - 1 }),
  ArrowRight: ({ row, column }) => ({ row, column: column + 1 }),
  ArrowUp: ({ row, column }) => ({ row: row - 1, column }),
  ArrowDown: ({ row, column }) => ({ row: row + 1, column }),
  Home: ({ row }) => ({ row, column: 0 }),
  End: ({ row }, last) => ({ row, column: last.column }),
  PageUp: ({ column }) => ({ row: 0, column }),
  PageDown: ({ column }, last) => ({ row: last.row, column }),
}

/** Where a key leads from a place; null when the key does not move or the edge is reached. */
export function movePlace(key: string, place: Place, last: Place): Place | null {
  const next = moves[key]?.(place, last)
  if (!next || next.row < 0 || next.column < 0) return null
  if (next.row > last.row || next.column > last.column) return null
  return next.row === place.row && next.column === place.column ? null : next
}
