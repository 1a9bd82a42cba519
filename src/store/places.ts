import type { PlacesPicture, PlaceSweep, PlacesWish } from '../pictures.ts'

/** The patches that are shown, by their true cells, and the cell that each of them claims as its place. */
export type Arrangement = NonNullable<PlacesWish['tokens']>

/** What becomes of a patch on whose place another one is put: it takes the other's, or both claim the same. */
export type Meeting = 'swap' | 'share'

/** What the person looks at in the places of patches, and how they have arranged them. */
export interface PlacesLook {
  /** By data-set index of the image: the present arrangement last, and those before it; null is the drawn one. */
  readonly own: Readonly<Record<number, readonly (Arrangement | null)[]>>
  /** What it would be if the patch that is being moved were let go here; null while none is moved. */
  readonly held: { readonly sample: number; readonly arrangement: Arrangement } | null
  /** True cell of the patch that is tried in every place; null for none. */
  readonly sweep: number | null
  /** A claim whose probability of being wrong is at least this counts as found out. */
  readonly threshold: number
  /** Whether the probabilities lie over the patches. */
  readonly heat: boolean
  readonly meeting: Meeting
}

/** The last sweep that came, and the arrangement in which it was made. */
export interface SweptPlaces extends PlaceSweep {
  readonly sample: number
  readonly arrangement: Arrangement
  readonly step: number
}

/** Nothing is arranged yet. */
export const initialPlaces: PlacesLook = {
  own: {},
  held: null,
  sweep: null,
  threshold: 0.5,
  heat: true,
  meeting: 'swap',
}

/** Steps back that are kept of an image. */
const MOST_STEPS_BACK = 50

/** The arrangement of one's own of an image; null where it is as drawn. */
export const ownArrangement = ({ own }: PlacesLook, sample: number): Arrangement | null =>
  own[sample]?.at(-1) ?? null

/** What is asked for of an image: what is being tried out, or what was arranged last; null for what is drawn. */
export const wantedArrangement = (look: PlacesLook, sample: number): Arrangement | null =>
  look.held?.sample === sample ? look.held.arrangement : ownArrangement(look, sample)

/** Whether there is a step back. */
export const canStepBack = ({ own }: PlacesLook, sample: number): boolean =>
  (own[sample]?.length ?? 0) > 0

/** Arranges the patches of an image; null takes what is drawn. Nothing is held any more. */
export function arrange(
  look: PlacesLook,
  sample: number,
  arrangement: Arrangement | null,
): PlacesLook {
  const before = look.own[sample] ?? []
  const now = before.at(-1) ?? null
  const free = look.held === null ? look : { ...look, held: null }
  if (now === arrangement || (now && arrangement && sameArrangement(now, arrangement))) return free
  const steps = [...before, arrangement].slice(-MOST_STEPS_BACK)
  return { ...free, own: { ...look.own, [sample]: steps } }
}

/** Takes the last arrangement of an image back. */
export function stepBack(look: PlacesLook, sample: number): PlacesLook {
  const { [sample]: steps = [], ...others } = look.own
  const left = steps.slice(0, -1)
  return { ...look, held: null, own: left.length > 0 ? { ...others, [sample]: left } : others }
}

/** The same look at patches that nobody has arranged. */
export const asDrawn = (look: PlacesLook): PlacesLook => ({ ...look, own: {}, held: null })

/** Whether two arrangements show the same patches in the same order, with the same claims. */
export const sameArrangement = (a: Arrangement, b: Arrangement): boolean =>
  sameCells(a.real, b.real) && sameCells(a.claimed, b.claimed)

const sameCells = (a: readonly number[], b: readonly number[]): boolean =>
  a.length === b.length && a.every((cell, at) => cell === b[at])

/** Every patch that is shown claims its own place. */
export const inPlace = ({ real }: Arrangement): Arrangement => ({ real, claimed: real })

/** All patches are shown: those that were not claim their own places. */
export function showAll({ real, claimed }: Arrangement, grid: number): Arrangement {
  const shown = new Set(real)
  const hidden = Array.from({ length: grid ** 2 }, (_, cell) => cell).filter((c) => !shown.has(c))
  return { real: [...real, ...hidden], claimed: [...claimed, ...hidden] }
}

/**
 * A patch claims another place. With `swap`, the patch that claimed it before takes the place that has become free; of
 * several, the last of the tokens.
 * @param patch its true cell; where it is not shown, nothing changes
 */
export function movePatch(
  { real, claimed }: Arrangement,
  patch: number,
  to: number,
  meeting: Meeting,
): Arrangement {
  const token = real.indexOf(patch)
  const from = claimed[token]
  if (from === undefined || from === to) return { real, claimed }
  const other = meeting === 'swap' ? claimed.lastIndexOf(to) : -1
  return {
    real,
    claimed: claimed.map((cell, at) => (at === token ? to : at === other ? from : cell)),
  }
}

/** The arrangement that a picture shows. */
export const arrangementOf = ({
  real,
  claimed,
}: Pick<PlacesPicture, 'real' | 'claimed'>): Arrangement => ({
  real: [...real],
  claimed: [...claimed],
})
