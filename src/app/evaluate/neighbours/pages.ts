import type { ImageAddress } from '../../../results.ts'

/** Test images of CIFAR-10. */
export const TEST_IMAGES = 10_000
/** Images to choose from at once. */
export const PAGE_IMAGES = 48

/** CSS pixels from one image to the next. */
const PITCH = 36
/** Numbers of columns that fill their last row, or nearly so. */
const COLUMNS = [24, 16, 12, 8, 6, 4]

/** The test images of a page. */
export const pageOf = (first: number): readonly ImageAddress[] =>
  Array.from({ length: Math.min(PAGE_IMAGES, TEST_IMAGES - first) }, (_, place) => ({
    split: 'test',
    index: first + place,
  }))

/** Images a row: as many as there is room for, in rows of the same length. */
export function columnsFor(width: number, images: number): number {
  const room = Math.max(Math.floor((width + 4) / PITCH), 1)
  if (images <= room) return Math.max(images, 1)
  return COLUMNS.find((columns) => columns <= room) ?? room
}
