import type { AdamWStep } from '../adamw.ts'

/** A parameter with its moments, in float64. */
export interface OracleParameter {
  readonly values: number[]
  readonly m: number[]
  readonly v: number[]
  readonly decay: boolean
  readonly learningRateScale: number
}

/** A parameter before its first step. */
export const oracleParameter = (
  values: ArrayLike<number>,
  decay: boolean,
  learningRateScale: number,
): OracleParameter => ({
  values: Array.from(values),
  m: new Array<number>(values.length).fill(0),
  v: new Array<number>(values.length).fill(0),
  decay,
  learningRateScale,
})

/** One step of AdamW with clipping, in place; returns the gradient norm before clipping. */
export function adamwOracle(
  parameters: readonly OracleParameter[],
  gradients: readonly ArrayLike<number>[],
  { learningRate, beta1, beta2, epsilon, weightDecay, clipNorm, step }: AdamWStep,
): number {
  const squares = gradients.flatMap((gradient) => Array.from(gradient, (g) => g * g))
  const norm = Math.sqrt(squares.reduce((sum, square) => sum + square, 0))
  const factor = clipNorm > 0 ? Math.min(1, clipNorm / (norm + 1e-6)) : 1
  parameters.forEach(({ values, m, v, decay, learningRateScale }, index) => {
    const rate = learningRate * learningRateScale
    values.forEach((value, i) => {
      const g = gradients[index]![i]! * factor
      m[i] = beta1 * m[i]! + (1 - beta1) * g
      v[i] = beta2 * v[i]! + (1 - beta2) * g * g
      const change = m[i] / (1 - beta1 ** step) / (Math.sqrt(v[i] / (1 - beta2 ** step)) + epsilon)
      values[i] = value * (decay ? 1 - rate * weightDecay : 1) - rate * change
    })
  })
  return norm
}
