/** Runs of every candidate that stays in the race. */
const ROUNDS = 3
/** Who takes this many times as long as the quickest in the first round is not run again. */
const HOPELESS = 1.5

const median = (times: readonly number[]): number =>
  [...times].sort((a, b) => a - b)[times.length >> 1]!

/**
 * The candidate with the smallest median time. Candidates take turns, so that a slow moment of the machine hits all of
 * them; those that cannot be run (their time is null) are left out.
 * @param time runs a candidate once
 * @returns null when no candidate can be run
 */
export async function quickest<T>(
  candidates: readonly T[],
  time: (candidate: T) => Promise<number | null>,
): Promise<T | null> {
  let racing = candidates.map((candidate) => ({ candidate, times: [] as number[] }))
  for (let round = 0; round < ROUNDS; round++) {
    for (const entry of racing) {
      const taken = await time(entry.candidate)
      if (taken !== null) entry.times.push(taken)
    }
    racing = racing.filter(({ times }) => times.length > round)
    const best = Math.min(...racing.map(({ times }) => median(times)))
    racing = racing.filter(({ times }) => median(times) <= HOPELESS * best)
    if (racing.length === 1) break
  }
  racing.sort((a, b) => median(a.times) - median(b.times))
  return racing[0]?.candidate ?? null
}
