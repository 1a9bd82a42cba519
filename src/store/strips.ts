import type { StripColumn, Strips } from '../pictures.ts'

/** What happens to the counted patches of most methods. */
const MASKED = 'masked'

/** One column of the merged table: the pictures of all samples in it. */
export interface StripCells {
  readonly column: StripColumn
  /** Side of a picture in pixels. */
  readonly size: number
  /** RGBA bytes [row, y, x, 4]; the rows are those of `StripTable.samples`. */
  readonly pixels: Uint8ClampedArray
  /** A number from −1 to 1 for every row; null where there is none. */
  readonly scores: readonly (number | null)[]
  /** The step after which the column was drawn. */
  readonly step: number
}

/** The image table as the page shows it: the latest pictures of every column. */
export interface StripTable {
  /** Data-set indices of the sample images, one a row. */
  readonly samples: readonly number[]
  readonly columns: readonly StripCells[]
  /** What the scores say; null as long as there were none. */
  readonly scoreLabel: string | null
  /** Masked patches and all patches of a row. */
  readonly masked: Strips['masked']
  /** What happens to the patches that are counted so. */
  readonly maskedWord: string
}

/**
 * Puts new pictures into the table. They replace it, except that a preview keeps what it cannot have: the columns that
 * need a network, and the scores of cells that look as before, for these belong to the same masks.
 */
export function mergeStrips(table: StripTable | null, strips: Strips, step: number): StripTable {
  const { samples, masked, maskedWord = MASKED } = strips
  const fresh = splitColumns(strips, step)
  const scoreLabel = strips.scores?.label ?? table?.scoreLabel ?? null
  const isPreview = !strips.scores && !strips.columns.some(({ needsNetwork }) => needsNetwork)
  if (!table || !isPreview || !sameSamples(table.samples, samples))
    return { samples, columns: fresh, scoreLabel, masked, maskedWord }

  const before = new Map(table.columns.map((cells) => [cells.column.id, cells]))
  const early = fresh.map((cells) => keepScores(cells, before.get(cells.column.id)))
  const moved = samples.map((_, row) =>
    early.some((cells) => !sameCell(cells, before.get(cells.column.id), row)),
  )
  const late = table.columns
    .filter(({ column }) => column.needsNetwork)
    .map((cells) => ({ ...cells, scores: cells.scores.map((s, row) => (moved[row] ? null : s)) }))
  return { samples, columns: [...early, ...late], scoreLabel, masked, maskedWord }
}

function sameSamples(a: readonly number[], b: readonly number[]): boolean {
  return a.length === b.length && a.every((sample, row) => sample === b[row])
}

/** The column with the scores that the same pictures had before. */
function keepScores(cells: StripCells, before: StripCells | undefined): StripCells {
  if (!before) return cells
  const scores = before.scores.map((score, row) => (sameCell(cells, before, row) ? score : null))
  return { ...cells, scores }
}

/** Whether two columns show the same in a row. */
function sameCell(a: StripCells, b: StripCells | undefined, row: number): boolean {
  if (a.size !== b?.size) return false
  const bytes = a.size * a.size * 4
  for (let at = row * bytes; at < (row + 1) * bytes; at++)
    if (a.pixels[at] !== b.pixels[at]) return false
  return true
}

/** [row, column, y, x, 4] -> one [row, y, x, 4] a column, with its scores. */
function splitColumns(strips: Strips, step: number): StripCells[] {
  const { columns, samples, size, pixels, scores } = strips
  const cell = size * size * 4
  return columns.map((column, index) => {
    const cells = new Uint8ClampedArray(samples.length * cell)
    for (let row = 0; row < samples.length; row++) {
      const from = (row * columns.length + index) * cell
      cells.set(pixels.subarray(from, from + cell), row * cell)
    }
    const scored = samples.map((_, row) => {
      const score = scores?.values[row]?.[index] ?? null
      return Number.isFinite(score) ? score : null
    })
    return { column, size, pixels: cells, scores: scored, step }
  })
}
