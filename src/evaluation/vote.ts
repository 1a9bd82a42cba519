import { classNames } from '../data/classes.ts'
import type { Ranking } from './ranking.ts'

/**
 * The class with most votes, where every neighbour votes for its own class with the weight exp(cosine / temperature);
 * the lower class on a tie. DINO's protocol (Caron et al., 2021), in float64.
 */
export function voteOf(
  cosines: ArrayLike<number>,
  labels: ArrayLike<number>,
  temperature: number,
): { readonly votes: Float64Array; readonly winner: number } {
  const votes = new Float64Array(classNames.length)
  for (let i = 0; i < cosines.length; i++) votes[labels[i]!]! += Math.exp(cosines[i]! / temperature)
  return { votes, winner: votes.indexOf(Math.max(...votes)) }
}

/**
 * Percent of the queries whose neighbours vote for their class.
 * @param labels of the candidates
 * @param truth classes of the queries
 */
export function knnAccuracy(
  ranking: Ranking,
  labels: Uint8Array,
  truth: Uint8Array,
  temperature: number,
): number {
  let right = 0
  for (let query = 0; query < ranking.queries; query++) {
    const [from, to] = [query * ranking.k, query * ranking.k + ranking.found(query)]
    const cosines = ranking.values.subarray(from, to)
    const classes = Array.from(ranking.indices.subarray(from, to), (index) => labels[index]!)
    if (voteOf(cosines, classes, temperature).winner === truth[query]) right++
  }
  return (100 * right) / ranking.queries
}
