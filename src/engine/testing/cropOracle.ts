/** A rectangle of an image in whole pixels, perhaps mirrored. */
interface Rectangle {
  readonly top: number
  readonly left: number
  readonly height: number
  readonly width: number
  readonly flip: boolean
}

/**
 * Crop, then bilinear resize of the crop to size × size in float64: pixel (y, x) samples at (i + ½) · extent / size − ½,
 * neighbours clamped to the crop; then mirrored. A pixel of the crop beyond the image is 0.
 * @param planar one image [channels, side, side]
 * @returns [size, size, channels]
 */
export function cropOracle(
  planar: ArrayLike<number>,
  side: number,
  { top, left, height, width, flip }: Rectangle,
  size: number,
): Float64Array {
  const channels = planar.length / (side * side)
  const view = new Float64Array(size * size * channels)
  /** The two neighbours of a sample and the weight of the second. */
  const neighbours = (i: number, extent: number): [number, number, number] => {
    const at = Math.max(0, ((i + 0.5) * extent) / size - 0.5)
    const low = Math.floor(at)
    return [low, Math.min(low + 1, extent - 1), at - low]
  }
  for (let y = 0; y < size; y++)
    for (let x = 0; x < size; x++)
      for (let channel = 0; channel < channels; channel++) {
        const [y0, y1, down] = neighbours(y, height)
        const [x0, x1, right] = neighbours(flip ? size - 1 - x : x, width)
        const pixel = (row: number, column: number): number => {
          const [imageY, imageX] = [top + row, left + column]
          const inside = Math.min(imageY, imageX) >= 0 && Math.max(imageY, imageX) < side
          return inside ? planar[(channel * side + imageY) * side + imageX]! : 0
        }
        view[(y * size + x) * channels + channel] =
          (1 - down) * ((1 - right) * pixel(y0, x0) + right * pixel(y0, x1)) +
          down * ((1 - right) * pixel(y1, x0) + right * pixel(y1, x1))
      }
  return view
}
