/** Where the number of a segment stands, in units of a cell. */
export interface NumberPlace {
  readonly rank: number
  readonly x: number
  readonly y: number
  /** Room for it there: cells side by side, and one above the other. */
  readonly width: number
  readonly height: number
}

/** A number that is drawn; lengths are CSS pixels but for the place. */
export interface DrawnNumber extends NumberPlace {
  readonly fontSize: number
}

/** Font sizes that are read with ease. */
const FONT = { min: 9, max: 16 } as const
/** Width of a digit, and what is left free around a number, as shares of the font size. */
const DIGIT = 0.62
const MARGIN = 0.3

/** The numbers that fit where they belong, in a picture whose cells have a side of `cell` CSS pixels. */
export function drawnNumbers(places: readonly NumberPlace[], cell: number): DrawnNumber[] {
  return places.flatMap((place) => {
    const digits = String(place.rank + 1).length
    const fontSize = Math.min(
      FONT.max,
      (place.width * cell) / (digits * DIGIT + MARGIN),
      (place.height * cell) / (1 + MARGIN),
    )
    return fontSize < FONT.min ? [] : [{ ...place, fontSize }]
  })
}

/** A place in every connected piece of every segment where its number has the most room. */
export function numberPlaces(ranks: ArrayLike<number>, grid: number): NumberPlace[] {
  return piecesOf(ranks, grid).map((cells) => placeIn(cells, ranks[cells[0]!]!, grid))
}

/** The connected pieces of the segments: lists of cells. */
function piecesOf(ranks: ArrayLike<number>, grid: number): number[][] {
  const seen = new Uint8Array(grid * grid)
  const pieces: number[][] = []
  for (let first = 0; first < grid * grid; first++) {
    if (seen[first]) continue
    seen[first] = 1
    const piece = [first]
    for (const cell of piece)
      for (const next of neighbours(cell, grid))
        if (!seen[next] && ranks[next] === ranks[first]) {
          seen[next] = 1
          piece.push(next)
        }
    pieces.push(piece)
  }
  return pieces
}

function neighbours(cell: number, grid: number): number[] {
  const column = cell % grid
  const near = [cell - grid, cell + grid].filter((next) => next >= 0 && next < grid * grid)
  if (column > 0) near.push(cell - 1)
  if (column < grid - 1) near.push(cell + 1)
  return near
}

/** In the middle of a rectangle; else in the row with the most room, near the middle of the piece. */
function placeIn(cells: readonly number[], rank: number, grid: number): NumberPlace {
  const rows = cells.map((cell) => Math.floor(cell / grid))
  const columns = cells.map((cell) => cell % grid)
  const [top, bottom] = [Math.min(...rows), Math.max(...rows) + 1]
  const [left, right] = [Math.min(...columns), Math.max(...columns) + 1]
  const [width, height] = [right - left, bottom - top]
  if (cells.length === width * height)
    return { rank, x: (left + right) / 2, y: (top + bottom) / 2, width, height }

  const middle = rows.reduce((sum, row) => sum + row, 0) / rows.length
  const runs = runsOf(cells, grid)
  const [run] = runs.toSorted(
    (a, b) => b.width - a.width || Math.abs(a.row - middle) - Math.abs(b.row - middle),
  )
  return { rank, x: run!.left + run!.width / 2, y: run!.row + 0.5, width: run!.width, height: 1 }
}

/** Cells side by side, as far as they go. */
function runsOf(cells: readonly number[], grid: number) {
  const runs: { row: number; left: number; width: number }[] = []
  for (const cell of cells.toSorted((a, b) => a - b)) {
    const [row, column] = [Math.floor(cell / grid), cell % grid]
    const last = runs.at(-1)
    if (last?.row === row && last.left + last.width === column) last.width += 1
    else runs.push({ row, left: column, width: 1 })
  }
  return runs
}
