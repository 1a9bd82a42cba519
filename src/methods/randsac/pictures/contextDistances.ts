import { randomAt, Stream } from '../../../engine/random.ts'
import type { ContextDistances } from '../../../pictures.ts'
import { distanceBins } from '../distanceBins.ts'
import { drawSerialisation } from '../segments/serialisation.ts'
import type { SegmentPlan } from '../segments/plan.ts'

/** Draws at most, as in the table of spec section 9, */
const MOST_DRAWS = 400
/** and pairs of tokens that are looked at, about: a fraction of a second. */
const MOST_PAIRS = 2 ** 24

const drawsFor = ({ grid }: SegmentPlan): number =>
  Math.min(MOST_DRAWS, Math.ceil(MOST_PAIRS / grid ** 4))

/** Draws are those of the scheme, not of a run. */
const SEED = 0

/**
 * How far the tokens that a scheme predicts lie from what they are predicted from (spec section 9): each from the nearest
 * token of a lower rank, in tokens. Means of every image's mean, over many draws of the scheme; needs no network.
 */
export function contextDistances(plan: SegmentPlan, draws = drawsFor(plan)): ContextDistances {
  const { grid } = plan
  const shares = new Float64Array(distanceBins(grid))
  let [mean, largest, visible] = [0, 0, 0]
  for (let draw = 0; draw < draws; draw++) {
    const { ranks } = drawSerialisation(plan, randomAt(SEED, Stream.scheme, draw))
    const contexts = contextsOf(ranks, grid)
    const weight = 1 / draws / contexts.length
    for (const context of contexts) {
      shares[Math.floor(2 * context.distance)]! += weight
      mean += weight * context.distance
      visible += weight * context.visible
    }
    largest += Math.max(...contexts.map(({ distance }) => distance)) / draws
  }
  const at = Array.from(shares, (_, bin) => bin / 2)
  return { draws, shares: [...shares], at, mean, largest, visible }
}

/** Of every predicted token of an image: how far the nearest visible token is, and which share of all tokens is visible. */
function contextsOf(ranks: Uint16Array, grid: number): { distance: number; visible: number }[] {
  const contexts: { distance: number; visible: number }[] = []
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
    contexts.push({ distance: Math.sqrt(nearest), visible: visible / ranks.length })
  }
  return contexts
}

/** The scheme of the last picture: it stays the same while training goes on. */
let last: { readonly scheme: string; readonly distances: ContextDistances } | null = null

/** As `contextDistances`, and at once for the scheme that was asked for last. */
export function distancesOf(plan: SegmentPlan): ContextDistances {
  const scheme = JSON.stringify(plan)
  if (last?.scheme !== scheme) last = { scheme, distances: contextDistances(plan) }
  return last.distances
}
