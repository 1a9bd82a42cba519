/**
 * How a table of square pictures is laid out: which way round, and how large a cell, so that the pictures are as large
 * as the space allows. Lengths are CSS pixels.
 */

/**
 * `down`: one item a line, its caption on the left. `stacked`: the same with the caption above its line, for narrow
 * screens. `across`: items side by side, captions on top.
 */
export type Orientation = 'down' | 'stacked' | 'across'

export interface TableLayout {
  readonly orientation: Orientation
  readonly cell: number
}

/** Space that labels take. */
export interface LabelSizes {
  /** Width of a label left of a line. */
  readonly side: number
  /** Height of the line of labels on top. */
  readonly top: number
  /** Height of a caption above a line (`stacked`). */
  readonly caption: number
  /** Height of what stands under every cell; nothing when absent. */
  readonly foot?: number
}

/** Space between two cells. */
export const CELL_GAP = 4

/** A page that grows reads best downwards, unless that leaves cells smaller than this. */
const TOO_SMALL = 40
/** Below this width captions go above their lines. */
const NARROW = 560
/** Turning a table must make its cells larger by this share. */
const WORTH_TURNING = 0.06
const MIN_CELL = 16
const MAX_CELL = 224
/** A cell shrinks to a whole multiple of its pixels only when that costs at most this share. */
const SNAP_COST = 0.1

/** What is to be laid out. */
export interface TableShape {
  /** Things shown (sample images, layers), each with `columns` pictures. */
  readonly items: number
  readonly columns: number
  /** Pixels along the side of a picture. */
  readonly pixels: number
  /** Largest side of a cell that is of any use. */
  readonly maxCell?: number
}

/** Where it is to be laid out. */
export interface Space {
  readonly width: number
  /** Null where the page may grow and scroll. */
  readonly height: number | null
  readonly devicePixelRatio: number
}

/** The side of each of `count` cells in a length, less what labels take of it. */
const share = (length: number, labels: number, count: number, extra = 0) =>
  (length - labels - (count - 1) * CELL_GAP) / count - extra

function cellSize(shape: TableShape, space: Space, labels: LabelSizes, orientation: Orientation) {
  const { width } = space
  const height = space.height ?? Infinity
  const foot = labels.foot ?? 0
  if (orientation === 'across')
    return Math.min(
      share(width, labels.side + CELL_GAP, shape.items),
      share(height, labels.top + CELL_GAP, shape.columns, foot),
    )
  if (orientation === 'down')
    return Math.min(
      share(width, labels.side + CELL_GAP, shape.columns),
      share(height, labels.top + CELL_GAP, shape.items, foot),
    )
  return Math.min(
    share(width, 0, shape.columns),
    share(height, labels.top + CELL_GAP, shape.items, foot + labels.caption + CELL_GAP),
  )
}

/** Rounds down to whole device pixels, and to a whole multiple of the picture's pixels where that is near. */
function snap(cell: number, pixels: number, devicePixelRatio: number): number {
  const whole = Math.floor(cell * devicePixelRatio)
  const multiple = Math.floor(whole / pixels) * pixels
  const crisp = multiple >= whole * (1 - SNAP_COST) ? multiple : whole
  return crisp / devicePixelRatio
}

/**
 * The orientation with the largest cells that suits the space. Where it makes little difference, more things than
 * columns go side by side and fewer go one below the other: a table wider than high reads best.
 */
export function chooseLayout(shape: TableShape, space: Space, labels: LabelSizes): TableLayout {
  const growing = space.height === null
  let best: TableLayout = { orientation: 'down', cell: 0 }
  for (const orientation of orderOf(shape, growing)) {
    if (orientation === 'across' && growing && best.cell >= TOO_SMALL) continue
    if (orientation === 'stacked' && space.width >= NARROW) continue
    const cell = Math.min(shape.maxCell ?? MAX_CELL, cellSize(shape, space, labels, orientation))
    if (cell > best.cell * (1 + WORTH_TURNING)) best = { orientation, cell }
  }
  const cell = Math.max(MIN_CELL, best.cell)
  return { ...best, cell: snap(cell, shape.pixels, space.devicePixelRatio) }
}

/** The orientations as they are preferred; a later one must be worth it. */
function orderOf({ items, columns }: TableShape, growing: boolean): readonly Orientation[] {
  if (growing) return ['down', 'stacked', 'across']
  return items > columns ? ['across', 'down', 'stacked'] : ['down', 'across', 'stacked']
}
