import type { Estimate } from './estimate.ts'
import { allPairs } from './pairs.ts'

/*
 * Interactions by enumeration. Subsets of cells are numbers: cell i is bit i.
 */

/**
 * I^(m)(i, j): the mean of Δ over all contexts.
 * @param rewards v of every subset, [2^cells]
 * @returns by order m = 0 … cells − 2, then pair as in `allPairs`
 */
export function exactInteractions(
  rewards: Float64Array,
  cells: number,
): readonly (readonly Estimate[])[] {
  const sizes = sizesOfSubsets(cells)
  const counts = new Float64Array(cells - 1)
  const estimates = Array.from(counts, (): Estimate[] => [])
  for (const [i, j] of allPairs(cells)) {
    const [withI, withJ] = [1 << i, 1 << j]
    const sums = new Float64Array(cells - 1)
    counts.fill(0)
    for (let subset = 0; subset < rewards.length; subset++) {
      if ((subset & (withI | withJ)) !== 0) continue
      const order = sizes[subset]!
      counts[order]!++
      sums[order]! +=
        rewards[subset | withI | withJ]! -
        rewards[subset | withI]! -
        rewards[subset | withJ]! +
        rewards[subset]!
    }
    sums.forEach((sum, order) => {
      const mean = sum / counts[order]!
      estimates[order]!.push({ mean, product: mean ** 2 })
    })
  }
  return estimates
}

/** How many cells each subset holds. */
function sizesOfSubsets(cells: number): Uint8Array {
  const sizes = new Uint8Array(2 ** cells)
  for (let subset = 1; subset < sizes.length; subset++)
    sizes[subset] = sizes[subset >> 1]! + (subset & 1)
  return sizes
}
