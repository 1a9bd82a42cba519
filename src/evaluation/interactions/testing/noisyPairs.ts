import { randomAt, Stream } from '../../../engine/random.ts'
import { estimateOf, imageInteractions, type ImageInteractions } from '../estimate.ts'

/** An image whose pairs all have the same interaction, and whose contexts scatter around it. */
export interface NoisyPairs {
  readonly pairs: number
  /** Contexts of a pair, independent of each other. */
  readonly contexts: number
  readonly interaction: number
  /** Standard deviation of Δ over the contexts. */
  readonly deviation: number
  /** Number of the image: another one scatters otherwise. */
  readonly image: number
}

/** What is estimated of such an image, of a single order. */
export function noisyImage(wanted: NoisyPairs): ImageInteractions {
  const { pairs, contexts, interaction, deviation, image } = wanted
  const all = new Float64Array(4 * pairs * contexts)
  const estimates = Array.from({ length: pairs }, (_, pair) => {
    const random = randomAt(7, Stream.interactions, image, pair)
    const rewards = all.subarray(4 * pair * contexts, 4 * (pair + 1) * contexts)
    // All of Δ is in v(S+i+j).
    for (let at = 0; at < rewards.length; at += 4)
      rewards[at] = interaction + deviation * random.normal()
    return estimateOf(rewards, false)
  })
  return imageInteractions([estimates], all)
}

/** What the absolute mean of so many contexts finds on average where there is no interaction. */
export const floorOf = (contexts: number, deviation: number): number =>
  deviation * Math.sqrt(2 / (Math.PI * contexts))
