/** What the contexts of a pair say about its interaction. */
export interface Estimate {
  /** Mean of Δ over the contexts. */
  readonly mean: number
  /** Product of the means of two halves of the contexts. */
  readonly product: number
}

/**
 * The interaction of a pair from the rewards of its contexts: of each one those of S+i+j, S+i, S+j, S, whose
 * Δ = v(S+i+j) − v(S+i) − v(S+j) + v(S). The absolute mean of a sample is too large: it has a floor of σ √(2 / (π contexts)).
 * The product of two independent halves has none, since its expectation is the square of the interaction.
 * @param complete whether these are all contexts: then there is no chance, and the product is the square of the mean
 */
export function estimateOf(rewards: Float64Array, complete: boolean): Estimate {
  const contexts = rewards.length / 4
  const half = contexts >> 1
  let [first, second] = [0, 0]
  for (let context = 0; context < contexts; context++) {
    const [both, i, j, none] = rewards.subarray(4 * context, 4 * context + 4)
    const delta = both! - i! - j! + none!
    if (context < half) first += delta
    else second += delta
  }
  const mean = (first + second) / contexts
  if (complete) return { mean, product: mean ** 2 }
  return { mean, product: (first / half) * (second / (contexts - half)) }
}

/** The interactions of an image: of every order means over its pairs. */
export interface ImageInteractions {
  /** Of |I|. */
  readonly absolute: readonly number[]
  /** Of the product of two halves of the contexts. */
  readonly product: readonly number[]
  /** Largest absolute reward: what a strength is to be compared with. */
  readonly largest: number
}

/**
 * The interactions of an image from those of its pairs.
 * @param estimates by order, then pair
 * @param rewards all of the image
 */
export function imageInteractions(
  estimates: readonly (readonly Estimate[])[],
  rewards: Float64Array,
): ImageInteractions {
  const mean = (of: (estimate: Estimate) => number): number[] =>
    estimates.map((pairs) => pairs.reduce((sum, pair) => sum + of(pair), 0) / pairs.length)
  return {
    absolute: mean((pair) => Math.abs(pair.mean)),
    product: mean(({ product }) => product),
    largest: rewards.reduce((largest, value) => Math.max(largest, Math.abs(value)), 0),
  }
}
