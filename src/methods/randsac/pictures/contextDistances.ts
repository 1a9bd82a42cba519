import { randomAt, Stream } from '../../../engine/random.ts'
import type { ContextDistances } from '../../../pictures.ts'
import { drawSerialisation } from '../segments/serialisation.ts'
import type { SegmentPlan } from '../segments/plan.ts'

/** Pairs of tokens that are looked at, about: 400 draws of 64 tokens, as in the table of spec section 9. */
const PAIRS = 400 * 64 * 64
/** Draws at most. */
const MOST_DRAWS = 400
/** Draws are those of the scheme, not of a run. */
const SEED = 0

/** Sums over the predicted tokens of some draws. */
interface Tally {
  readonly bins: Float64Array
  tokens: number
  distance: number
  largest: number
  visible: number
}

/**
 * How far the tokens that a scheme predicts lie from what they are predicted from (spec section 9): each from the nearest
 * token of a lower rank, in tokens. Over many draws of the scheme; needs no network.
 */
export function contextDistances(plan: SegmentPlan): ContextDistances {
  const { grid } = plan
  const cells = grid * grid
  const draws = Math.max(1, Math.min(MOST_DRAWS, Math.round(PAIRS / cells ** 2)))
  const farthest = Math.SQRT2 * (grid - 1)
  const bins = new Float64Array(Math.floor(2 * farthest) + 1)
  const tally: Tally = { bins, tokens: 0, distance: 0, largest: 0, visible: 0 }
  for (let draw = 0; draw < draws; draw++) {
    const { ranks } = drawSerialisation(plan, randomAt(SEED, Stream.scheme, draw))
    countOrder(tally, ranks, grid)
  }
  const { tokens } = tally
  return {
    draws,
    shares: Array.from(bins, (count) => count / tokens),
    at: Array.from(bins, (_, bin) => bin / 2),
    mean: tally.distance / tokens,
    largest: tally.largest / draws,
    visible: tally.visible / tokens,
  }
}

function countOrder(tally: Tally, ranks: Uint16Array, grid: number): void {
  let largest = 0
  for (let token = 0; token < ranks.length; token++) {
    if (ranks[token] === 0) continue
    let [nearest, visible] = [Infinity, 0]
    for (let other = 0; other < ranks.length; other++) {
      if (ranks[other]! >= ranks[token]!) continue
      const down = Math.floor(other / grid) - Math.floor(token / grid)
      const right = (other % grid) - (token % grid)
      nearest = Math.min(nearest, down * down + right * right)
      visible++
    }
    const distance = Math.sqrt(nearest)
    tally.bins[Math.floor(2 * distance)]!++
    tally.tokens++
    tally.distance += distance
    tally.visible += visible / ranks.length
    largest = Math.max(largest, distance)
  }
  tally.largest += largest
}

/** The scheme of the last picture: it stays the same while training goes on. */
let last: { readonly scheme: string; readonly distances: ContextDistances } | null = null

/** As `contextDistances`, and at once for the scheme that was asked for last. */
export function distancesOf(plan: SegmentPlan): ContextDistances {
  const scheme = JSON.stringify(plan)
  if (last?.scheme !== scheme) last = { scheme, distances: contextDistances(plan) }
  return last.distances
}
