import type { PlacesPicture } from '../../../pictures.ts'
import { sameArrangement, arrangementOf, type Arrangement } from '../../../store/places.ts'

/** A patch that is shown to the network. */
export interface Patch {
  /** Its true cell. */
  readonly cell: number
  /** The cell that it claims as its place. */
  readonly claim: number
  /** Probability that the claim is wrong, as the network sees it; NaN while that is not known. */
  readonly probability: number
}

/** What a claim is, and what it is held for: found out, overlooked, wrongly suspected, or rightly believed. */
export type Verdict = 'hit' | 'miss' | 'falseAlarm' | 'pass'

/**
 * The patches of an arrangement, with what the last picture says of each. Where it is of an arrangement before this one,
 * its probabilities stay until the next picture comes.
 */
export function patchesOf(picture: PlacesPicture, arrangement: Arrangement): readonly Patch[] {
  const known = new Map(
    Array.from(picture.real, (cell, token) => [cell, picture.probabilities[token]!] as const),
  )
  return arrangement.real.map((cell, token) => ({
    cell,
    claim: arrangement.claimed[token]!,
    probability: known.get(cell) ?? NaN,
  }))
}

/** Whether a picture is of just this arrangement. */
export const isOf = (picture: PlacesPicture, arrangement: Arrangement): boolean =>
  sameArrangement(arrangementOf(picture), arrangement)

/** Whether two arrangements are the same but for the claim of one patch. */
export function sameBeside(a: Arrangement, b: Arrangement, patch: number): boolean {
  const beside = ({ real, claimed }: Arrangement): Arrangement => ({
    real,
    claimed: claimed.map((claim, token) => (real[token] === patch ? patch : claim)),
  })
  return sameArrangement(beside(a), beside(b))
}

/** Whether a patch claims another place than its own. */
export const isWrong = ({ cell, claim }: Patch): boolean => cell !== claim

/** What is made of a patch at a threshold; null while its probability is not known. */
export function verdictOf(patch: Patch, threshold: number): Verdict | null {
  if (Number.isNaN(patch.probability)) return null
  const suspected = patch.probability >= threshold
  if (isWrong(patch)) return suspected ? 'hit' : 'miss'
  return suspected ? 'falseAlarm' : 'pass'
}

/** How many patches there are of each verdict. */
export function countVerdicts(
  patches: readonly Patch[],
  threshold: number,
): Readonly<Record<Verdict, number>> {
  const counts = { hit: 0, miss: 0, falseAlarm: 0, pass: 0 }
  for (const patch of patches) {
    const verdict = verdictOf(patch, threshold)
    if (verdict) counts[verdict] += 1
  }
  return counts
}

/** A square in units of cells. */
export interface Slot {
  readonly x: number
  readonly y: number
  readonly side: number
}

/**
 * Where patches are drawn at the cells that they claim: one alone fills its cell; several share it, each in a corner of its
 * own, in the order of the tokens.
 */
export function slotsOf(patches: readonly Patch[], grid: number): readonly Slot[] {
  const claims = new Map<number, number>()
  for (const { claim } of patches) claims.set(claim, (claims.get(claim) ?? 0) + 1)
  const placed = new Map<number, number>()
  return patches.map(({ claim }) => {
    const at = placed.get(claim) ?? 0
    placed.set(claim, at + 1)
    const count = claims.get(claim)!
    const along = Math.ceil(Math.sqrt(count))
    const side = 1 / along
    // Two lie in opposite corners.
    const corner = count === 2 ? 3 * at : at
    const [row, column] = [Math.floor(corner / along), corner % along]
    return {
      x: (claim % grid) + column * side,
      y: Math.floor(claim / grid) + row * side,
      side,
    }
  })
}

/** The patch that is drawn at a point, in units of cells; of a cell's several the nearest one. Null for an empty cell. */
export function patchAt(
  patches: readonly Patch[],
  slots: readonly Slot[],
  grid: number,
  x: number,
  y: number,
): Patch | null {
  const cell = Math.floor(y) * grid + Math.floor(x)
  let best: Patch | null = null
  let nearest = Infinity
  patches.forEach((patch, at) => {
    if (patch.claim !== cell) return
    const slot = slots[at]!
    const distance = Math.hypot(slot.x + slot.side / 2 - x, slot.y + slot.side / 2 - y)
    if (distance >= nearest) return
    nearest = distance
    best = patch
  })
  return best
}
