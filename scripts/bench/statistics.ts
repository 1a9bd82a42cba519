/** The middle of some numbers, or the mean of the two in the middle. */
export function median(values: readonly number[]): number {
  const sorted = values.toSorted((a, b) => a - b)
  const middle = sorted.length >> 1
  if (sorted.length === 0) throw new Error('nothing has no median')
  return sorted.length % 2 === 1 ? sorted[middle]! : (sorted[middle - 1]! + sorted[middle]!) / 2
}

/** How long to go on measuring. */
export interface Patience {
  readonly leastRounds: number
  readonly mostRounds: number
  /** Milliseconds after which no further round begins, once there are enough. */
  readonly budget: number
}

/**
 * Asks all in turns, over and over, so that whatever else the machine does meets all of them alike.
 * @param ask one measurement of one of them
 * @returns the median of each
 */
export async function interleave<T>(
  all: readonly T[],
  ask: (one: T) => Promise<number>,
  { leastRounds, mostRounds, budget }: Patience,
): Promise<Map<T, number>> {
  const values = new Map(all.map((one) => [one, [] as number[]]))
  const began = performance.now()
  for (let round = 0; round < mostRounds; round++) {
    if (round >= leastRounds && performance.now() - began > budget) break
    // The first of a round may find the machine in another state: let each be it in turn.
    for (let i = 0; i < all.length; i++) {
      const one = all[(i + round) % all.length]!
      values.get(one)!.push(await ask(one))
    }
  }
  return new Map(all.map((one) => [one, median(values.get(one)!)]))
}
