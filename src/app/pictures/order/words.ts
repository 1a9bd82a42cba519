import type { ContextDistances, OrderPicture } from '../../../pictures.ts'
import { formatNumber } from '../../../settings/format.ts'
import { patchName } from '../patches.ts'
import type { Findings, Leak } from './causality.ts'

/** "Segment 3": ranks count from 0, people from 1. */
export const segmentName = (rank: number): string => `segment ${rank + 1}`

/** A loss with three decimals; a dash where there is none. */
export const lossText = (loss: number): string => (Number.isNaN(loss) ? '–' : loss.toFixed(3))

/** A change of a prediction: "0", "0.25", "3.1e-8". */
export function changeText(change: number): string {
  if (change === 0) return '0'
  const rounded = Number(change.toPrecision(2))
  return change < 1e-3 ? rounded.toExponential() : String(rounded)
}

const percent = (share: number): string => `${(100 * share).toFixed(1)} %`

/** Where a cell lies and when it comes: "Row 2, column 5: segment 3 of 16, in partition 1 of 4, loss 0.812." */
export function cellText(picture: OrderPicture, cell: number): string {
  const { grid, ranks, segments, partitions, losses } = picture
  const rank = ranks[cell]!
  const place = patchName(cell, grid)
  const group = partitions
    ? `, in partition ${partitions[cell]! + 1} of ${Math.max(...partitions) + 1}`
    : ''
  const loss = rank === 0 ? ', given' : `, loss ${lossText(losses[cell]!)}`
  const where = `${place[0]!.toUpperCase()}${place.slice(1)}`
  return `${where}: ${segmentName(rank)} of ${segments}${group}${loss}.`
}

/** What happens at a rank: what is seen, what is predicted, how well. */
export function stepText(
  { ranks, segments }: Pick<OrderPicture, 'ranks' | 'segments'>,
  rank: number,
  loss: number,
): string {
  const own = ranks.filter((other) => other === rank).length
  const before = ranks.filter((other) => other < rank).length
  const tokens = (count: number) => `${formatNumber(count)} ${count === 1 ? 'token' : 'tokens'}`
  const name = `Segment ${rank + 1} of ${segments}`
  if (rank === 0)
    return `${name}, ${tokens(own)}: given. Nothing comes before it, so it is not predicted.`
  return `${name}, ${tokens(own)}: predicted from the ${tokens(before)} before it, loss ${lossText(loss)}.`
}

/** "Token 12 (segment 3) sees token 40 (segment 1)." */
export function pairText(ranks: Uint16Array, query: number, key: number, isSeen: boolean): string {
  const name = (token: number) => `token ${token + 1} (${segmentName(ranks[token]!)})`
  const who = name(query)
  const whom = query === key ? 'itself' : name(key)
  return `${who[0]!.toUpperCase()}${who.slice(1)} ${isSeen ? 'sees' : 'does not see'} ${whom}.`
}

/** "1,920 of 4,096 pairs are allowed, 46.9 %." */
export const pairsText = (allowed: number, tokens: number): string =>
  `${formatNumber(allowed)} of ${formatNumber(tokens ** 2)} pairs are allowed, ${percent(allowed / tokens ** 2)}.`

/** What was done in a trial, and what came of it for one segment. */
export function trialText({ from, rank, moved }: Leak, tolerance: number): string {
  const done = `Noise in ${segmentName(from)} and later: the prediction of ${segmentName(rank)}`
  if (rank === 0) return `Noise in ${segmentName(from)} and later. Segment 1 is not predicted.`
  if (rank <= from)
    return moved > tolerance
      ? `${done} moved by ${changeText(moved)}, and must not move.`
      : `${done} stayed as it was (${changeText(moved)}), as it must.`
  return moved > tolerance
    ? `${done} moved by ${changeText(moved)}, as it may.`
    : `${done} stayed as it was (${changeText(moved)}), though it may move.`
}

const trialsText = (count: number): string => `${count} ${count === 1 ? 'trial' : 'trials'}`

/** What a check found, in a few words and in a few sentences. */
export function verdictText(
  { verdict, forbidden, allowed, leaks }: Findings,
  trials: number,
  tolerance: number,
): { readonly title: string; readonly text: string } {
  if (verdict === 'still')
    return {
      title: 'Nothing can be said yet',
      text: `In ${trialsText(trials)} nothing moved at all, not even what may: the predictions do not depend on the image yet. Train some steps and check again.`,
    }
  if (verdict === 'causal') {
    const rounding =
      forbidden > 0 ? ` (changes up to ${changeText(tolerance)} are those of rounding)` : ''
    return {
      title: 'Causal',
      text: `In ${trialsText(trials)} no prediction moved that should not have: largest change ${changeText(forbidden)}${rounding}. Those of later segments moved by up to ${changeText(allowed)}, as they may.`,
    }
  }
  const bad = new Set(leaks.map(({ trial }) => trial)).size
  const own = leaks.every(({ rank, from }) => rank === from)
  const why = own
    ? 'It is always the first segment with noise: predictions see the very pixels that they are to predict.'
    : 'They see pixels that come only later.'
  return {
    title: 'Leak: predictions see what they must not',
    text: `In ${bad} of ${trialsText(trials)} predictions moved that must not: ${segmentsText(leaks.map(({ rank }) => rank))}, by up to ${changeText(forbidden)}. ${why}`,
  }
}

/** "segment 3", "segments 2 to 5, 7 and 9". */
export function segmentsText(ranks: readonly number[]): string {
  const rising = [...new Set(ranks)].sort((a, b) => a - b)
  const runs: [first: number, last: number][] = []
  for (const rank of rising) {
    const run = runs.at(-1)
    if (run?.[1] === rank - 1) run[1] = rank
    else runs.push([rank, rank])
  }
  const texts = runs.map(([first, last]) =>
    first === last ? String(first + 1) : `${first + 1} to ${last + 1}`,
  )
  const listed = [texts.slice(0, -1).join(', '), texts.at(-1)].filter(Boolean).join(' and ')
  return `${rising.length === 1 ? 'segment' : 'segments'} ${listed}`
}

/** How far predictions reach, in words. */
export const distancesText = ({ draws, mean, largest, visible }: ContextDistances): string =>
  `Over ${formatNumber(draws)} ${draws === 1 ? 'draw' : 'draws'} of this scheme, a predicted token lies ${mean.toFixed(2)} tokens from the nearest one that it may see, on average; the farthest of each draw ${largest.toFixed(1)}. It may see ${percent(visible)} of the image.`

/** A share over its bar: "34"; nothing for less than half a percent. */
export const shortPercent = (share: number): string =>
  share < 0.005 ? '' : String(Math.round(100 * share))

/** A bar of the histogram: "1 to under 1.5 tokens: 34.2 %." */
export const barText = (from: number, share: number): string =>
  `${formatNumber(from)} to under ${formatNumber(from + 0.5)} tokens: ${percent(share)} of the predicted tokens.`
