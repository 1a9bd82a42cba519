import { randomPermutation, type RandomSequence } from '../../engine/random.ts'
import type { ClaimPolicy } from './policies.ts'

/** Which patches of an image are shown, and how their claims are drawn (spec section 2). */
export interface CorruptorPlan {
  /** Patches of an image, L: grid². */
  readonly cells: number
  /** Patches a side. */
  readonly grid: number
  /** Patches that are shown, k. */
  readonly kept: number
  /** Whether someone is asked which claims are false: then there are labels, and every patch is told a place. */
  readonly detects: boolean
  /** Probability p that a claim is false; 0 where no one is asked. */
  readonly mismatch: number
  readonly claims: ClaimPolicy
  /** Of near claims: cells off at most. */
  readonly radius: number
}

/** What one image is shown: in the order of the tokens, which says nothing, [k] each. */
export interface Claims {
  /** Cells whose patches are shown; all different. */
  readonly real: Uint16Array
  /** The cells that they claim as their places. */
  readonly claimed: Uint16Array
  /** 1 where the claim is false. */
  readonly labels: Uint8Array
}

/**
 * k = floor(L (1 − s)) in double arithmetic, as in the official code. At least one patch is shown, which the code does not
 * see to: a student without patches would have nothing to learn from.
 */
export const keptCells = (cells: number, dropRate: number): number =>
  Math.max(1, Math.floor(cells * (1 - dropRate)))

/**
 * The patches that one image is shown, and their claims. The same patches are shown whatever p and policy are.
 *
 * Where a policy has no wrong place to offer, the claim is true: a patch cannot swap with itself (`permute` with one patch),
 * has no other cell to claim (one cell), and stays where the reversed order of all patches puts it (`dropped`, nothing
 * dropped, an odd number of cells).
 */
export function drawClaims(plan: CorruptorPlan, random: RandomSequence): Claims {
  const order = randomPermutation(random, plan.cells)
  const real = Uint16Array.from(order.subarray(0, plan.kept))
  const claimed = claimedCells(plan, order, random)
  return { real, claimed, labels: Uint8Array.from(real, (cell, i) => Number(cell !== claimed[i])) }
}

/** The cells that the first `kept` of a random order claim. */
function claimedCells(
  plan: CorruptorPlan,
  order: Uint32Array,
  random: RandomSequence,
): Uint16Array {
  const { kept, mismatch, claims } = plan
  const real = Uint16Array.from(order.subarray(0, kept))
  if (claims === 'permute') return permuted(real, falsePermutations(plan), random)
  const isFalse = Array.from(real, () => random.uniform() < mismatch)
  if (claims === 'dropped') return droppedClaims(order, isFalse)
  return real.map((cell, i) => (isFalse[i]! ? otherCell(plan, cell, random) : cell))
}

/**
 * The official rule: the wrong place of patch i is entry i of the last ones of the order, which are patches that are not
 * shown while at least half are dropped; with none dropped, of the order reversed.
 * @param order a permutation of the cells, of which the first are shown
 * @param isFalse of every patch that is shown
 */
export function droppedClaims(order: Uint32Array, isFalse: readonly boolean[]): Uint16Array {
  const [cells, kept] = [order.length, isFalse.length]
  const wrongOf = (i: number): number =>
    kept < cells ? order[cells - kept + i]! : order[cells - 1 - i]!
  return Uint16Array.from(isFalse, (wrong, i) => (wrong ? wrongOf(i) : order[i]!))
}

/** How many patches swap places: round(p k); one alone cannot, so two do, where two are shown. */
function falsePermutations({ kept, mismatch }: CorruptorPlan): number {
  const wanted = Math.round(mismatch * kept)
  return wanted === 1 ? (kept > 1 ? 2 : 0) : wanted
}

/** Some of the cells in another order, in which none of them is in its place: every such order is as likely. */
function permuted(real: Uint16Array, count: number, random: RandomSequence): Uint16Array {
  const swapped = randomPermutation(random, real.length, count)
  const isInPlace = (from: number, i: number): boolean => from === i
  let order = randomPermutation(random, count)
  while (order.some(isInPlace)) order = randomPermutation(random, count)
  const claimed = real.slice()
  order.forEach((from, i) => (claimed[swapped[i]!] = real[swapped[from]!]!))
  return claimed
}

/** Another cell: any (`uniform`), or one at most `radius` rows and columns off (`near`), each as likely. */
function otherCell(
  { grid, cells, claims, radius }: CorruptorPlan,
  cell: number,
  random: RandomSequence,
): number {
  const reach = claims === 'near' ? radius : grid
  if (cells === 1) return cell
  const [row, column] = [Math.floor(cell / grid), cell % grid]
  const from = (at: number): number => Math.max(0, at - reach)
  const upTo = (at: number): number => Math.min(grid - 1, at + reach)
  const [top, left] = [from(row), from(column)]
  const [height, width] = [upTo(row) - top + 1, upTo(column) - left + 1]
  const own = (row - top) * width + (column - left)
  const drawn = random.below(height * width - 1)
  const other = drawn < own ? drawn : drawn + 1
  return (top + Math.floor(other / width)) * grid + left + (other % width)
}

/** The share of wrong claims that is to be expected: p, but for what a policy cannot do (see `drawClaims`). */
export function expectedShare(plan: CorruptorPlan): number {
  const { cells, kept, mismatch, claims } = plan
  if (claims === 'permute') return falsePermutations(plan) / kept
  const fixed = cells === 1 || (claims === 'dropped' && kept === cells && cells % 2 === 1) ? 1 : 0
  return (mismatch * (kept - fixed)) / kept
}
