import type { Patch } from './patches.ts'

/** An image of which only some patches are left: the others are transparent. RGBA bytes [size, size, 4]. */
export function keptPixels(
  image: Uint8ClampedArray,
  size: number,
  grid: number,
  patches: readonly Patch[],
): Uint8ClampedArray {
  const shown = new Set(patches.map(({ cell }) => cell))
  const pixels = image.slice()
  for (let pixel = 0; pixel < size * size; pixel++) {
    const row = Math.floor((Math.floor(pixel / size) * grid) / size)
    const column = Math.floor(((pixel % size) * grid) / size)
    if (!shown.has(row * grid + column)) pixels[4 * pixel + 3] = 0
  }
  return pixels
}

/** An image as an address for styles, so that any part of it can be shown anywhere. */
export function imageAddress(pixels: Uint8ClampedArray, size: number): string {
  const canvas = document.createElement('canvas')
  canvas.width = size
  canvas.height = size
  const context = canvas.getContext('2d')
  if (!context) return ''
  const image = context.createImageData(size, size)
  image.data.set(pixels)
  context.putImageData(image, 0, 0)
  return canvas.toDataURL()
}
