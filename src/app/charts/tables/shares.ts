import { sharesOf, type TablesSnapshot } from '../../../tables.ts'
import type { Mean } from './meansLayout.ts'

/** Columns with less than this part of an even share are not in use. */
const IN_USE = 0.1

/** The mean shares of a snapshot's steps in falling order, at their ranks from 1. */
export function rankedShares(sums: Float64Array, snapshot: TablesSnapshot): readonly Mean[] {
  const count = snapshot.step - snapshot.from + 1
  const falling = sharesOf(sums, snapshot).sort().reverse()
  return Array.from(falling, (mean, rank) => ({ at: rank + 1, mean, count }))
}

/** How evenly one whole is parted. */
export interface Evenness {
  /** How many have at least a tenth of an even share. */
  readonly inUse: number
  /** So many with even shares would be as varied: e to the entropy. */
  readonly asVariedAs: number
}

/** How evenly these shares part their whole. */
export function evennessOf(shares: readonly Mean[]): Evenness {
  const entropy = shares.reduce((sum, { mean }) => sum - (mean > 0 ? mean * Math.log(mean) : 0), 0)
  return {
    inUse: shares.filter(({ mean }) => mean * shares.length >= IN_USE).length,
    asVariedAs: Math.exp(entropy),
  }
}
