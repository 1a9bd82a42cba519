import { randomPermutation, type RandomSequence } from '../../engine/random.ts'
import type { Pair } from './pairs.ts'

/**
 * Contexts of a pair: the other cells that are shown. A context of order m is any m of the n − 2 others. Where there are no
 * more of them than are wanted, all are taken, so that nothing is left to chance: one at the ends of the curve.
 */

/** Contexts of an order that there are, or `limit` where there are more. */
export function contextsUpTo(others: number, order: number, limit: number): number {
  const few = Math.min(order, others - order)
  let count = 1
  for (let k = 1; k <= few && count <= limit; k++) count = (count * (others - few + k)) / k
  return Math.min(count, limit)
}

/**
 * Contexts of a pair: all where there are no more than are wanted, in lexicographic order, else drawn independently of
 * each other, each uniform without replacement.
 * @returns the numbers of the shown cells
 */
export function* contextsOf(
  cells: number,
  [i, j]: Pair,
  order: number,
  wanted: number,
  random: RandomSequence,
): Generator<readonly number[]> {
  // The others are numbered as if the pair were not there.
  const cellOf = (other: number): number => other + Number(other >= i) + Number(other + 1 >= j)
  const others = cells - 2
  if (contextsUpTo(others, order, wanted + 1) <= wanted) {
    for (const chosen of choicesOf(others, order)) yield chosen.map(cellOf)
    return
  }
  for (let context = 0; context < wanted; context++)
    yield Array.from(randomPermutation(random, others, order), cellOf)
}

/** Every choice of `order` of the numbers below `count`, in lexicographic order. */
function* choicesOf(count: number, order: number): Generator<readonly number[]> {
  const chosen = Array.from({ length: order }, (_, at) => at)
  for (;;) {
    yield [...chosen]
    let at = order - 1
    while (at >= 0 && chosen[at] === count - order + at) at--
    if (at < 0) return
    chosen[at]!++
    for (let next = at + 1; next < order; next++) chosen[next] = chosen[next - 1]! + 1
  }
}
