import type { PlaceSweep } from '../../../pictures.ts'
import { patchName } from '../patches.ts'
import { isWrong, type Patch, type Verdict } from './patches.ts'

/** A probability as it is read: "0.83"; "not known yet". */
export const probabilityText = (probability: number): string =>
  Number.isNaN(probability) ? 'not known yet' : probability.toFixed(2)

/** What each verdict is called, alone and in plural. */
export const verdictNames: Readonly<Record<Verdict, readonly [one: string, many: string]>> = {
  hit: ['hit', 'hits'],
  miss: ['miss', 'misses'],
  falseAlarm: ['false alarm', 'false alarms'],
  pass: ['believed', 'believed'],
}

/** What a patch says of itself: "Patch of row 3, column 5 claims row 1, column 2". */
export function claimText(patch: Patch, grid: number): string {
  const claim = isWrong(patch) ? `claims ${patchName(patch.claim, grid)}` : 'claims its own place'
  return `Patch of ${patchName(patch.cell, grid)} ${claim}`
}

/** The same, with what the network makes of it. */
export const patchText = (patch: Patch, grid: number, verdict: Verdict | null): string =>
  `${claimText(patch, grid)}; probability of a wrong place ${probabilityText(patch.probability)}${verdict ? `: ${verdictNames[verdict][0]}` : ''}.`

/** What a cell of the believed image holds, for people who do not see it. */
export function cellText(patches: readonly Patch[], cell: number, grid: number): string {
  const name = patchName(cell, grid)
  const here = patches.filter(({ claim }) => claim === cell)
  if (here.length === 0) return `${name}: no patch`
  const texts = here.map((patch) =>
    isWrong(patch)
      ? `patch of ${patchName(patch.cell, grid)}, ${probabilityText(patch.probability)}`
      : `its own patch, ${probabilityText(patch.probability)}`,
  )
  return `${name}: ${texts.join('; ')}`
}

/** "32 of 64 patches are shown, 6 claim wrong places". */
export function countText(patches: readonly Patch[], grid: number): string {
  const wrong = patches.filter(isWrong).length
  const claims =
    wrong === 0
      ? 'all in place'
      : wrong === 1
        ? '1 claims a wrong place'
        : `${wrong} claim wrong places`
  return `${patches.length} of ${grid ** 2} patches are shown, ${claims}`
}

/** A patch that was tried in every place. */
type Swept = Pick<PlaceSweep, 'cell' | 'own' | 'others'>

const placeName = (place: number, { cell }: Swept, grid: number): string =>
  place === cell ? 'its own place' : patchName(place, grid)

/** What the network holds of a patch in a place: "In row 2, column 3: probability of a wrong place 0.12 …". */
export const sweepText = (swept: Swept, place: number, grid: number): string =>
  `In ${placeName(place, swept, grid)}: probability of a wrong place ${probabilityText(swept.own[place]!)}; mean of all others ${probabilityText(swept.others[place]!)}.`

/** Where the network would rather have the patch, and what it holds of the place that the patch claims. */
export function bestText(swept: Swept, claim: number, grid: number): string {
  const { own } = swept
  const best = own.reduce((least, value, place) => (value < own[least]! ? place : least), 0)
  return `Most plausible: ${placeName(best, swept, grid)} (${probabilityText(own[best]!)}). Where it claims to lie: ${probabilityText(own[claim]!)}.`
}
