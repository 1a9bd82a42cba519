import { shapeOf, type MarkShape } from './palette.ts'
import type { Spot } from './frame.ts'

/** Red, green and blue, 0 to 255. */
export type Rgb = readonly [number, number, number]

/** A picture as words of four bytes, red in the lowest one. */
export interface Raster {
  readonly words: Uint32Array
  readonly width: number
  readonly height: number
}

/** How much of each pixel a mark covers, 0 to 256, in a square around its middle. */
interface Mask {
  readonly side: number
  readonly cover: Uint16Array
}

/** Marks let a little of those below them through. */
const OPACITY = 0.85

/** "#0f7259" */
export const rgbOfHex = (hex: string): Rgb => [
  parseInt(hex.slice(1, 3), 16),
  parseInt(hex.slice(3, 5), 16),
  parseInt(hex.slice(5, 7), 16),
]

/** Fills a raster with one colour. */
export function fill({ words }: Raster, [r, g, b]: Rgb): void {
  words.fill(((255 << 24) | (b << 16) | (g << 8) | r) >>> 0)
}

/**
 * Stamps marks of classes into a raster, one over the other. Ten thousand of them take a few milliseconds, with and
 * without a GPU, which a canvas asked for each of them does not.
 *
 * @param radius in pixels of the raster
 */
export class Stamper {
  readonly #masks: Readonly<Record<MarkShape, Mask>>
  readonly #colours: readonly Rgb[]

  constructor(colours: readonly string[], radius: number) {
    this.#colours = colours.map(rgbOfHex)
    this.#masks = { disc: maskOf('disc', radius), square: maskOf('square', radius) }
  }

  /** Stamps the mark of a class around a spot; what lies outside is cut off. */
  stamp({ words, width, height }: Raster, label: number, { x, y }: Spot): void {
    const colour = this.#colours[label]
    if (!colour) return
    const [red, green, blue] = colour
    const { side, cover } = this.#masks[shapeOf(label)]
    const left = Math.round(x - side / 2)
    const top = Math.round(y - side / 2)
    const firstRow = Math.max(0, -top)
    const lastRow = Math.min(side, height - top)
    const firstColumn = Math.max(0, -left)
    const lastColumn = Math.min(side, width - left)
    for (let row = firstRow; row < lastRow; row++) {
      const start = (top + row) * width + left
      for (let column = firstColumn; column < lastColumn; column++) {
        const part = cover[row * side + column]!
        if (part === 0) continue
        const below = words[start + column]!
        const r = below & 255
        const g = (below >> 8) & 255
        const b = (below >> 16) & 255
        words[start + column] =
          ((255 << 24) |
            ((b + (((blue - b) * part) >> 8)) << 16) |
            ((g + (((green - g) * part) >> 8)) << 8) |
            (r + (((red - r) * part) >> 8))) >>>
          0
      }
    }
  }
}

/** A disc, or a square of about the same area, with soft edges. */
function maskOf(shape: MarkShape, radius: number): Mask {
  const side = 2 * Math.ceil(radius) + 1
  const middle = (side - 1) / 2
  const half = radius * 0.89
  const within = (size: number, distance: number) => Math.min(1, Math.max(0, size + 0.5 - distance))
  const cover = Uint16Array.from({ length: side * side }, (_, at) => {
    const dx = Math.abs((at % side) - middle)
    const dy = Math.abs(Math.floor(at / side) - middle)
    const part =
      shape === 'disc' ? within(radius, Math.hypot(dx, dy)) : within(half, dx) * within(half, dy)
    return Math.round(256 * OPACITY * part)
  })
  return { side, cover }
}
