import type { MouseEvent } from 'react'

/** Where a patch lies, counted from 1: "row 3, column 5". */
export const patchName = (patch: number, grid: number) =>
  `row ${Math.floor(patch / grid) + 1}, column ${(patch % grid) + 1}`

/** The patch under the pointer, in an element that shows a whole image. */
export function patchUnder({ clientX, clientY, currentTarget }: MouseEvent, grid: number): number {
  const { left, top, width, height } = currentTarget.getBoundingClientRect()
  const along = (offset: number, length: number) =>
    Math.min(grid - 1, Math.max(0, Math.floor((offset / length) * grid)))
  return along(clientY - top, height) * grid + along(clientX - left, width)
}
