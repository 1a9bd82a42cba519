/** The nearest points of every point, itself first. */
export interface Nearest {
  /** [count][k] */
  readonly indices: number[][]
  /** Euclidean, [count][k], ascending. */
  readonly distances: number[][]
}

/** Rows after which the search tells how far it has come. */
const ROWS = 64

/**
 * Searches the nearest points of every point by comparing each pair once: exact, and for some thousand points faster
 * than the approximate search of the library. Of equal distances the lower index comes first. Yields rows done.
 *
 * @param values [count, dimensions]
 * @param k how many, the point itself among them
 */
export function* nearestOfAll(
  values: Float32Array,
  count: number,
  dimensions: number,
  k: number,
): Generator<number, Nearest> {
  const best = new Float64Array(count * k).fill(Infinity)
  const index = new Int32Array(count * k).fill(-1)
  const offer = (row: number, other: number, distance: number): void => {
    const first = row * k
    let at = first + k - 1
    if (distance >= best[at]!) return
    for (; at > first && best[at - 1]! > distance; at--) {
      best[at] = best[at - 1]!
      index[at] = index[at - 1]!
    }
    best[at] = distance
    index[at] = other
  }
  for (let row = 0; row < count; row++) {
    // After all points before it have been offered: a copy of one of them must not come before itself.
    const first = row * k
    best.copyWithin(first + 1, first, first + k - 1)
    index.copyWithin(first + 1, first, first + k - 1)
    best[first] = 0
    index[first] = row
    const start = row * dimensions
    for (let other = row + 1; other < count; other++) {
      const otherStart = other * dimensions
      let squares = 0
      for (let d = 0; d < dimensions; d++) {
        const difference = values[start + d]! - values[otherStart + d]!
        squares += difference * difference
      }
      offer(row, other, squares)
      offer(other, row, squares)
    }
    if (row % ROWS === ROWS - 1) yield row + 1
  }
  const rows = Array.from({ length: count }, (_, row) => [row * k, (row + 1) * k] as const)
  return {
    indices: rows.map(([from, to]) => Array.from(index.subarray(from, to))),
    distances: rows.map(([from, to]) => Array.from(best.subarray(from, to), Math.sqrt)),
  }
}
