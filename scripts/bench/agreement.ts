import type { EngineName } from './workloads.ts'

/** How far apart, relatively, the losses of two engines may be: roundings differ, computations must not. */
const TOLERANCE = 1e-3

/** Why the engines do not train the same model on the same data, or null when their losses agree step by step. */
export function disagreement(losses: ReadonlyMap<EngineName, readonly number[]>): string | null {
  const [[first, expected] = [], ...others] = losses
  if (first === undefined || expected === undefined) return null
  if (!expected.every(Number.isFinite)) return `${first} has losses ${expected.join(', ')}`
  for (const [engine, values] of others)
    for (const [step, value] of expected.entries()) {
      const isClose = Math.abs(values[step]! - value) <= TOLERANCE * Math.abs(value)
      if (!isClose)
        return `after step ${step + 1}, ${first} has a loss of ${value} and ${engine} of ${values[step]}`
    }
  return null
}
