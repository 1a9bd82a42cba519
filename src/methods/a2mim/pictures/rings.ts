/** Spectra of square images with the constant part in the middle, and means over rings around it. */

/**
 * A plane of frequencies 0 … side − 1 a direction with frequency 0 moved to ⌊side / 2⌋: negative frequencies come before it.
 * @param plane [side²], row by row
 */
export function centred(plane: Float32Array, side: number): Float32Array {
  const middle = Math.floor(side / 2)
  return plane.map((_, i) => {
    const from = (at: number): number => (at - middle + side) % side
    return plane[from(Math.floor(i / side)) * side + from(i % side)]!
  })
}

/**
 * The ring of every frequency of a centred plane, [side²]: its distance from the middle in cycles an image, rounded. What would
 * be alone in a last ring, the outermost corner, belongs to the one before it.
 */
const ringsOf = (side: number): Uint16Array => {
  const middle = Math.floor(side / 2)
  const last = Math.floor(Math.hypot(middle, middle))
  return Uint16Array.from({ length: side * side }, (_, i) => {
    const radius = Math.hypot(Math.floor(i / side) - middle, (i % side) - middle)
    return Math.min(Math.round(radius), last)
  })
}

/** Radius of every ring, in cycles an image, from 0: the last ones lie in the corners alone. */
export const ringRadii = (side: number): number[] =>
  Array.from({ length: Math.max(...ringsOf(side)) + 1 }, (_, ring) => ring)

/** Mean over every ring of a centred plane. */
export function ringMeans(plane: Float32Array, side: number): Float32Array {
  const rings = ringsOf(side)
  const counts = new Float64Array(ringRadii(side).length)
  const sums = new Float64Array(counts.length)
  rings.forEach((ring, i) => {
    counts[ring]! += 1
    sums[ring]! += plane[i]!
  })
  return Float32Array.from(sums, (sum, ring) => sum / counts[ring]!)
}
