/**
 * The fixed two-dimensional sine-cosine table of positions, row by row: [grid², width]. The first half of the channels
 * says in which column a cell lies, the second half in which row; in each half the sines come first, then the cosines, of
 * the place times 10000^(−i / (width / 4)). Computed in float64, then rounded.
 * @param width a multiple of 4
 */
export function sincosPositions(grid: number, width: number): Float32Array {
  const waves = width / 4
  if (!Number.isInteger(waves))
    throw new Error(`a sine-cosine table needs a width that 4 divides, not ${width}`)
  return Float32Array.from({ length: grid * grid * width }, (_, i) => {
    const [cell, channel] = [Math.floor(i / width), i % width]
    const place = channel < 2 * waves ? cell % grid : Math.floor(cell / grid)
    const angle = place * 10000 ** (-(channel % waves) / waves)
    return channel % (2 * waves) < waves ? Math.sin(angle) : Math.cos(angle)
  })
}
