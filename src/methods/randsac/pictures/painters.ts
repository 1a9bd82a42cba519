import { IMAGE_SIZE } from '../../../data/images.ts'
import { greyOf, pixelwise, tinted, type Hidden, type Painter } from '../../painting.ts'
import type { Serialisation } from '../segments/serialisation.ts'
import { rankColour } from './rankColours.ts'

/** How light a line is beside what it is drawn over: its colour still tells the rank where a segment is hardly more than lines. */
const LINE = 0.4
/** More segments than these would be hardly more than lines. */
const MOST_LINED = 64
/** Every so many pixels there is a line of the hatching. */
const HATCH = 4
/** Share of white or black in it. */
const HATCHING = 0.6

/** Whether a pixel has a neighbour, of those at so many pixels to the right and below, with another number. */
const differs = (
  of: (pixel: number) => number,
  pixel: number,
  neighbours: readonly (readonly [right: number, down: number])[],
): boolean =>
  neighbours.some(([right, down]) => {
    const [x, y] = [(pixel % IMAGE_SIZE) + right, Math.floor(pixel / IMAGE_SIZE) + down]
    const inside = x >= 0 && x < IMAGE_SIZE && y >= 0 && y < IMAGE_SIZE
    return inside && of(y * IMAGE_SIZE + x) !== of(pixel)
  })

const BEFORE = [
  [-1, 0],
  [0, -1],
] as const
const AROUND = [...BEFORE, [1, 0], [0, 1]] as const

/** Whether the segments of an order are parted by lines. */
export const isLined = ({ segments }: Serialisation): boolean => segments <= MOST_LINED

/**
 * Every segment in the colour of its rank, over the grey of the image. A dark line parts segments, one of twice its width
 * the partitions of a hierarchy; where there are very many segments, none has room for lines.
 */
export function segmentPainter(original: Painter, order: Serialisation, side: number): Painter {
  const { ranks, segments, partitions } = order
  const rankAt = pixelwise(ranks, side)
  const partitionAt = partitions && pixelwise(partitions, side)
  const lines = Array.from(
    { length: IMAGE_SIZE ** 2 },
    (_, pixel) =>
      isLined(order) &&
      (differs(rankAt, pixel, BEFORE) ||
        (partitionAt !== null && differs(partitionAt, pixel, AROUND))),
  )
  return (channel, pixel) => {
    const colour = rankColour(rankAt(pixel), segments)[channel]!
    const value = tinted(colour, original, pixel)
    return lines[pixel] ? LINE * value : value
  }
}

/** A picture with diagonal lines over some of its pixels: light ones where it is dark, dark ones where it is light. */
export const hatched =
  (picture: Painter, where: Hidden): Painter =>
  (channel, pixel) => {
    const line = ((pixel % IMAGE_SIZE) + Math.floor(pixel / IMAGE_SIZE)) % HATCH === 0
    const colour = picture(channel, pixel)
    if (!line || !where(pixel)) return colour
    return HATCHING * (greyOf(picture, pixel) < 128 ? 255 : 0) + (1 - HATCHING) * colour
  }
