import type { Strips } from '../../../pictures.ts'
import type { Colour } from './colours.ts'

/** The same table, each pixel of its pictures so many times as wide and high: there is room for lines around patches. */
export function enlarged(strips: Strips, times: number): Strips {
  const { pixels, size, samples, columns } = strips
  const wide = size * times
  const pictures = samples.length * columns.length
  const from = new Uint32Array(pixels.buffer, pixels.byteOffset, pixels.length / 4)
  const to = new Uint32Array(pictures * wide * wide)
  for (let at = 0; at < to.length; at++) {
    const [line, x] = [Math.floor(at / wide), at % wide]
    const picture = Math.floor(line / wide)
    const y = Math.floor((line % wide) / times)
    to[at] = from[(picture * size + y) * size + Math.floor(x / times)]!
  }
  return { ...strips, size: wide, pixels: new Uint8ClampedArray(to.buffer) }
}

/** Draws a line of one pixel within the edge of some cells of a picture of the table. */
export function frameCells(
  { pixels, size, columns }: Strips,
  row: number,
  column: number,
  cells: Iterable<number>,
  grid: number,
  colour: Colour,
): void {
  const side = size / grid
  const first = (row * columns.length + column) * size * size
  for (const cell of cells) {
    const [top, left] = [Math.floor(cell / grid) * side, (cell % grid) * side]
    for (let along = 0; along < side; along++)
      for (const [y, x] of [
        [0, along],
        [side - 1, along],
        [along, 0],
        [along, side - 1],
      ] as const)
        pixels.set(colour, 4 * (first + (top + y) * size + left + x))
  }
}
