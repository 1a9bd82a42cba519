/** How far apart, relatively, the losses of two engines may be: roundings differ, computations must not. */
const TOLERANCE = 1e-3

/** Where the losses of two engines are furthest apart. */
export interface Disagreement {
  /** Relative to the loss. */
  readonly difference: number
  /** True when roundings alone do not make such a difference. */
  readonly isReal: boolean
  /** In words. */
  readonly detail: string
}

/**
 * Compares the losses of engines, or of forms of attention, that should train the same model on the same data, step by step; null for a single
 * one with finite losses.
 */
export function worstDisagreement(
  losses: ReadonlyMap<string, readonly number[]>,
): Disagreement | null {
  const [reference, ...others] = losses
  if (reference === undefined) return null
  const [first, expected] = reference
  if (!expected.every(Number.isFinite))
    return { difference: Infinity, isReal: true, detail: `${first}: ${expected.join(', ')}` }
  let worst: Disagreement | null = null
  for (const [engine, values] of others)
    for (const [step, loss] of expected.entries()) {
      const value = values[step] ?? NaN
      const difference = Number.isFinite(value) ? Math.abs(value / loss - 1) : Infinity
      if (worst !== null && worst.difference >= difference) continue
      const detail = `after step ${step + 1}, ${first} has a loss of ${loss} and ${engine} of ${value}`
      worst = { difference, isReal: difference > TOLERANCE, detail }
    }
  return worst
}
