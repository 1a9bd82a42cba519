import { chooseLayout, type LabelSizes, type Space, type TableLayout } from '../layout.ts'
import { tokenColumns } from './columns.ts'

/** Space that column labels and sample captions take, in CSS pixels. */
export const LABELS: LabelSizes = { side: 84, top: 34, caption: 22 }

/** Space between two tables, in CSS pixels. */
export const TABLE_GAP = 10
/** More tables than these leave too little height for each. */
const MOST_TABLES = 4
/** Another table must make the pictures larger by this share. */
const WORTH_PARTING = 0.1

/** So many images a table, all tables laid out alike. */
export interface TokensLayout {
  readonly perTable: number
  readonly table: TableLayout
}

/**
 * Shares images out over tables one below the other, so that the pictures are as large as the space allows. Where the
 * page may grow there is one table.
 * @param pixels along the side of a picture
 */
export function layTokens(images: number, pixels: number, space: Space): TokensLayout {
  const layOut = (tables: number): TokensLayout => {
    const perTable = Math.ceil(images / tables)
    const height = space.height && (space.height - (tables - 1) * TABLE_GAP) / tables
    const shape = { items: perTable, columns: tokenColumns.length, pixels }
    return { perTable, table: chooseLayout(shape, { ...space, height }, LABELS) }
  }
  let best = layOut(1)
  if (space.height === null) return best
  for (let tables = 2; tables <= MOST_TABLES; tables++) {
    const parted = layOut(tables)
    if (parted.table.cell > best.table.cell * (1 + WORTH_PARTING)) best = parted
  }
  return best
}
