/**
 * The fixed two-dimensional sine-cosine table of positions, row by row: [grid², width]. The first half of the channels
 * says in which column a cell lies, the second half in which row; in each half the sines come first, then the cosines, of
 * the place times 10000^(−i / (width / 4)). Computed in float64, then rounded.
 * @param width a multiple of 4
 */
export const sincosPositions = (grid: number, width: number): Float32Array =>
  sincosAt(
    Array.from({ length: grid }, (_, place) => place),
    width,
  )

/**
 * The same for any places: [places², width].
 * @param places where the columns lie, and the rows; whole numbers are cells of the table
 */
export function sincosAt(places: readonly number[], width: number): Float32Array {
  const waves = width / 4
  if (!Number.isInteger(waves))
    throw new Error(`a sine-cosine table needs a width that 4 divides, not ${width}`)
  const frequencies = Array.from({ length: waves }, (_, i) => 10000 ** (-i / waves))
  // What half the channels say of each of the places in a line.
  const lines = places.map((place) => {
    const angles = frequencies.map((frequency) => place * frequency)
    return [...angles.map(Math.sin), ...angles.map(Math.cos)]
  })
  const grid = places.length
  const table = new Float32Array(grid * grid * width)
  for (let cell = 0; cell < grid * grid; cell++) {
    table.set(lines[cell % grid]!, cell * width)
    table.set(lines[Math.floor(cell / grid)]!, cell * width + width / 2)
  }
  return table
}
