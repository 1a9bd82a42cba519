import type { StripColumn, Strips } from '../pictures.ts'

/** One column of the merged table: the pictures of all samples in it. */
export interface StripCells {
  readonly column: StripColumn
  /** Side of a picture in pixels. */
  readonly size: number
  /** RGBA bytes [row, y, x, 4]; the rows are those of `StripTable.samples`. */
  readonly pixels: Uint8ClampedArray
  /** The step after which the column was drawn. */
  readonly step: number
}

/** The image table as the page shows it: the latest pictures of every column. */
export interface StripTable {
  /** Data-set indices of the sample images, one a row. */
  readonly samples: readonly number[]
  readonly columns: readonly StripCells[]
  /** Masked patches and all patches of a row. */
  readonly masked: Strips['masked']
}

/**
 * Puts new pictures into the table: columns are replaced by id and new ones are added. Pictures of other samples than
 * those shown replace the whole table.
 */
export function mergeStrips(table: StripTable | null, strips: Strips, step: number): StripTable {
  const fresh = splitColumns(strips, step)
  if (!table || !sameSamples(table.samples, strips.samples))
    return { samples: strips.samples, columns: fresh, masked: strips.masked }

  const byId = new Map(fresh.map((cells) => [cells.column.id, cells]))
  const complete = table.columns.every(({ column }) => byId.has(column.id))
  if (complete) return { samples: strips.samples, columns: fresh, masked: strips.masked }

  const kept = table.columns.map((cells) => byId.get(cells.column.id) ?? cells)
  const shown = new Set(table.columns.map(({ column }) => column.id))
  const added = fresh.filter(({ column }) => !shown.has(column.id))
  return { samples: strips.samples, columns: [...kept, ...added], masked: strips.masked }
}

function sameSamples(a: readonly number[], b: readonly number[]): boolean {
  return a.length === b.length && a.every((sample, row) => sample === b[row])
}

/** [row, column, y, x, 4] -> one [row, y, x, 4] a column. */
function splitColumns(strips: Strips, step: number): StripCells[] {
  const { columns, samples, size, pixels } = strips
  const cell = size * size * 4
  return columns.map((column, index) => {
    const cells = new Uint8ClampedArray(samples.length * cell)
    for (let row = 0; row < samples.length; row++) {
      const from = (row * columns.length + index) * cell
      cells.set(pixels.subarray(from, from + cell), row * cell)
    }
    return { column, size, pixels: cells, step }
  })
}
