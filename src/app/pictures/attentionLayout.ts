import { chooseLayout, type LabelSizes, type Space, type TableLayout } from './layout.ts'

/** Space that the labels of the maps take, in CSS pixels. */
export const MAP_LABELS: LabelSizes = { side: 52, top: 20, caption: 18 }

/** Widths of the image beside the maps, in CSS pixels. */
const IMAGE = { min: 176, max: 352, step: 16, gap: 20 } as const
/** Below the image there is its caption. */
const IMAGE_CAPTION = 96
/** A larger image may cost the maps this share of their size. */
const MAP_COST = 0.05
/** Largest side of a map beside the image, and where the page grows with it. */
const MAX_MAP = 112
const GROWING_MAP = 56

/** What the maps are: as many lines as layers, a picture for every head and the mean. */
interface Maps {
  readonly layers: number
  readonly columns: number
  readonly grid: number
}

export interface AttentionLayout {
  /** Side of the image. */
  readonly image: number
  readonly maps: TableLayout
}

/** Shares a space between the image and its maps: the largest image that leaves the maps about as large as they get. */
export function layAttention({ layers, columns, grid }: Maps, space: Space): AttentionLayout {
  const shape = { items: layers, columns, pixels: grid }
  if (space.height === null)
    return {
      image: Math.min(space.width, IMAGE.max),
      maps: chooseLayout({ ...shape, maxCell: GROWING_MAP }, space, MAP_LABELS),
    }
  const beside = (image: number) =>
    chooseLayout(
      { ...shape, maxCell: MAX_MAP },
      { ...space, width: space.width - image - IMAGE.gap },
      MAP_LABELS,
    )
  const smallest = beside(IMAGE.min)
  const tallest = Math.max(IMAGE.min, space.height - IMAGE_CAPTION)
  let best: AttentionLayout = { image: IMAGE.min, maps: smallest }
  for (let image = IMAGE.min; image <= Math.min(IMAGE.max, tallest); image += IMAGE.step) {
    const maps = beside(image)
    if (maps.cell >= smallest.cell * (1 - MAP_COST)) best = { image, maps }
  }
  return best
}
