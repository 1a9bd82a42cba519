import type { AdamWStep } from '../adamw.ts'
import type { ParameterSpec } from '../parameters.ts'

/** A parameter with its moments, in float64. */
export interface OracleParameter {
  readonly values: number[]
  readonly m: number[]
  readonly v: number[]
  readonly decay: boolean
  readonly learningRateScale: number
  readonly trainedFrom: number
}

/** A parameter before its first step. */
export const oracleParameter = (
  values: ArrayLike<number>,
  { decay, learningRateScale, trainedFrom = 1 }: Omit<ParameterSpec, 'name' | 'shape' | 'initial'>,
): OracleParameter => ({
  values: Array.from(values),
  m: new Array<number>(values.length).fill(0),
  v: new Array<number>(values.length).fill(0),
  decay,
  learningRateScale,
  trainedFrom,
})

/**
 * One step of AdamW with clipping, in place, as PyTorch does it where the gradient of a parameter is None before
 * `trainedFrom`; returns the gradient norm before clipping.
 * @param clipping `whole`: by the norm of all gradients; `each`: every parameter by its own
 */
export function adamwOracle(
  parameters: readonly OracleParameter[],
  gradients: readonly ArrayLike<number>[],
  { learningRate, beta1, beta2, epsilon, weightDecay, clipNorm, step }: AdamWStep,
  clipping: 'whole' | 'each' = 'whole',
): number {
  const norm = normOf(gradients.flatMap((gradient) => Array.from(gradient)))
  const factorOf = (clipped: number): number =>
    clipNorm > 0 ? Math.min(1, clipNorm / (clipped + 1e-6)) : 1
  parameters.forEach(({ values, m, v, decay, learningRateScale, trainedFrom }, index) => {
    const steps = step - trainedFrom + 1
    if (steps < 1) return
    const gradient = gradients[index]!
    const factor = factorOf(clipping === 'each' ? normOf(gradient) : norm)
    const rate = learningRate * learningRateScale
    values.forEach((value, i) => {
      const g = gradient[i]! * factor
      m[i] = beta1 * m[i]! + (1 - beta1) * g
      v[i] = beta2 * v[i]! + (1 - beta2) * g * g
      const root = Math.sqrt(v[i] / (1 - beta2 ** steps))
      const change = m[i] / (1 - beta1 ** steps) / (root + epsilon)
      values[i] = value * (decay ? 1 - rate * weightDecay : 1) - rate * change
    })
  })
  return norm
}

const normOf = (values: ArrayLike<number>): number =>
  Math.sqrt(Array.from(values).reduce((sum, value) => sum + value * value, 0))
