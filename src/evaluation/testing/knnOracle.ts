/** k-NN in float64, the slow way: by a full sort. */

/** Rows of a matrix as unit vectors. */
export function unitRows(data: ArrayLike<number>, width: number): number[][] {
  const rows = Array.from({ length: data.length / width }, (_, row) =>
    Array.from({ length: width }, (_, i) => data[row * width + i]!),
  )
  return rows.map((row) => {
    const length = Math.hypot(...row)
    return row.map((value) => value / length)
  })
}

/** The k candidates with the largest cosines to a query, best first. */
export function nearestOracle(
  query: readonly number[],
  candidates: readonly (readonly number[])[],
  k: number,
): { index: number; cosine: number }[] {
  return candidates
    .map((candidate, index) => ({
      index,
      cosine: candidate.reduce((sum, value, i) => sum + value * query[i]!, 0),
    }))
    .sort((a, b) => b.cosine - a.cosine || a.index - b.index)
    .slice(0, k)
}

/** The class for which the nearest candidates vote. */
export function classOracle(
  nearest: readonly { index: number; cosine: number }[],
  labels: ArrayLike<number>,
  temperature: number,
): number {
  const votes = Array.from({ length: 10 }, () => 0)
  for (const { index, cosine } of nearest) votes[labels[index]!]! += Math.exp(cosine / temperature)
  return votes.indexOf(Math.max(...votes))
}
