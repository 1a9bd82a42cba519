/** Share of the values at either end that are left out where a range is measured. */
const OUTLIERS = 0.02
/** What a component that does not vary looks like. */
const MIDDLE = 128

/**
 * Scores as colours: the first component is red, the second green, the third blue, each stretched on its own so that its
 * values from the 2nd to the 98th percentile fill 0 to 255; what lies beyond is cut off. A component with little variance
 * therefore looks as strong as one with much.
 * @param scores [rows, 3]
 * @returns [rows, 3]
 */
export function componentColours(scores: Float64Array): Uint8ClampedArray {
  const ranges = [0, 1, 2].map((component) => {
    const values = scores.filter((_, i) => i % 3 === component).sort()
    const last = values.length - 1
    const cut = Math.floor(OUTLIERS * values.length)
    return { low: values[cut]!, high: values[last - cut]! }
  })
  return Uint8ClampedArray.from(scores, (score, i) => {
    const { low, high } = ranges[i % 3]!
    return high > low ? (255 * (score - low)) / (high - low) : MIDDLE
  })
}
