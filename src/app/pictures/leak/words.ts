import type { LeakPicture } from '../../../pictures.ts'
import { diffSettings, diffText } from '../../../settings/diff.ts'
import { formatNumber } from '../../../settings/format.ts'
import type { SettingTable } from '../../../settings/rows.ts'
import type { LeakFinding, LeakSubject } from '../../../store/leaks.ts'

/** Digits behind the point at most: shares of numbers of 32 bits have no more. */
const MOST_DIGITS = 10

/** A share of 1 as percent with two digits that count: "37 %", "0.00006 %". */
export function percentText(share: number): string {
  const percent = 100 * share
  if (percent === 0) return '0 %'
  const digits = Math.max(0, 1 - Math.floor(Math.log10(percent)))
  const text = percent.toFixed(Math.min(digits, MOST_DIGITS))
  return `${digits === 0 ? text : text.replace(/\.?0+$/, '')} %`
}

/** What a check for leaks found. */
export type LeakVerdict = 'tight' | 'leak' | 'diverged'

export const verdictOf = ({ largest, tolerance }: LeakPicture): LeakVerdict => {
  if (!Number.isFinite(largest)) return 'diverged'
  return largest > tolerance ? 'leak' : 'tight'
}

/** What a check found, in words. */
export function verdictText(picture: LeakPicture): {
  readonly title: string
  readonly text: string
} {
  const { largest, tolerance } = picture
  const moved = `Hidden pixels moved the features by up to ${percentText(largest)}`
  switch (verdictOf(picture)) {
    case 'tight':
      return {
        title: 'No leak',
        text: `${moved} of their largest value – rounding, which may do ${percentText(tolerance)}: nothing leaks.`,
      }
    case 'leak':
      return {
        title: 'Hidden pixels reach the network',
        text: `${moved} of their largest value, more than the ${percentText(tolerance)} that rounding may do: the network sees what it should not. Fill the hidden pixels.`,
      }
    case 'diverged':
      return {
        title: 'Nothing can be said',
        text: 'The features are no finite numbers: the run has diverged.',
      }
  }
}

/** What a check does, in plain words. */
export const leakHelp =
  'Changes the pixels under the masks, and nothing else, so that the mean of every colour stays as it was – filling with the image’s mean colour tells that much, and is meant to. Then it compares what the encoder makes of both. As all that the network is to know is the same, so must its features be, up to rounding.'

/** Why a check is not of the run as it is now; null where it is. */
export function staleText(
  { picture, step, subject }: LeakFinding,
  now: LeakSubject & { readonly samples: readonly number[]; readonly step: number },
  table: SettingTable,
): string | null {
  const differences = diffSettings(table, subject.values, now.values)
  if (subject.method !== now.method) return 'The method is another now: check again.'
  if (differences.length > 0)
    return `Settings have changed since (${diffText(table, differences, 3)}): check again.`
  if (subject.maskSeed !== now.maskSeed || picture.samples.join() !== now.samples.join())
    return 'The images or the masks are others now: check again for these.'
  if (now.step !== step)
    return `The run is at step ${formatNumber(now.step)}: check again for what it is now.`
  return null
}
