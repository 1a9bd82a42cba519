import { drawBox, type CropBox, type CropRule } from './boxes.ts'
import type { ViewFilter } from '../engine/kernels/filter.ts'
import { drawColours, type Colours } from './colours.ts'
import { drawFilter } from './filters.ts'
import type { ViewRule } from './viewRules.ts'

/** What one view shows of every image of a batch. */
export interface ViewDraw {
  /** What is cut out of each image. */
  readonly boxes: readonly CropBox[]
  /** What is done to the colours of each; absent where the view's rule has no colours. */
  readonly colours?: readonly Colours[] | undefined
  /** What each is filtered with after that; absent where the view's rule has no filters. */
  readonly filters?: readonly ViewFilter[] | undefined
}

/**
 * Draws all views of a batch: where a view shares the boxes of another, they are the same list; colours and filters are
 * drawn for every view on its own.
 * @param address the step of a run
 * @param count images of the batch
 */
export function drawViews(
  rules: readonly ViewRule[],
  { seed, step }: { readonly seed: number; readonly step: number },
  count: number,
): ViewDraw[] {
  const drawn: ViewDraw[] = []
  const every = <T>(draw: (sample: number) => T): T[] =>
    Array.from({ length: count }, (_, sample) => draw(sample))
  const boxesOf = (crop: CropRule, view: number): CropBox[] =>
    every((sample) => drawBox(crop, seed, step, sample, view))
  rules.forEach(({ crop, colour, filter }, view) => {
    const boxes = 'sharedWith' in crop ? drawn[crop.sharedWith]?.boxes : boxesOf(crop, view)
    if (boxes === undefined) throw new Error(`view ${view} shares boxes with no earlier view`)
    const colours = colour && every((sample) => drawColours(colour, seed, step, sample, view))
    const filters = filter && every((sample) => drawFilter(filter, seed, step, sample, view))
    drawn.push({ boxes, colours, filters })
  })
  return drawn
}
