import type { StripCells } from '../../store/strips.ts'

/** One picture of a column: RGBA bytes [size, size, 4], a view of the column's own. */
export function tileOf({ pixels, size }: StripCells, row: number): Uint8ClampedArray {
  const bytes = size * size * 4
  return pixels.subarray(row * bytes, (row + 1) * bytes)
}
