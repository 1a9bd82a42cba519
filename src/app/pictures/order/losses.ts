/** Mean of the losses of each segment's cells, by rank; NaN where none has one. */
export function segmentLosses(
  losses: Float32Array,
  ranks: Uint16Array,
  segments: number,
): Float64Array {
  const sums = new Float64Array(segments)
  const counts = new Float64Array(segments)
  losses.forEach((loss, cell) => {
    if (Number.isNaN(loss)) return
    sums[ranks[cell]!]! += loss
    counts[ranks[cell]!]! += 1
  })
  return sums.map((sum, rank) => sum / counts[rank]!)
}

/** Mean of the losses of all cells that have one; NaN where none has. */
export function meanLoss(losses: Float32Array): number {
  const known = losses.filter((loss) => !Number.isNaN(loss))
  return known.reduce((sum, loss) => sum + loss, 0) / known.length
}
