import type { HostTensor } from './run.ts'

/** What an op should give, in float64. */
export interface Answer {
  readonly value: Float64Array
  /** Gradient of sum(dy · value) in every input. */
  readonly gradients: readonly Float64Array[]
}

/** An op in float64, one scalar after the other. */
export type Oracle = (inputs: readonly HostTensor[], dy: ArrayLike<number>) => Answer

/** Error function from its series with terms of one sign, 2/√π e^(−z²) Σ 2ⁿ z^(2n+1) / (2n+1)!!, right to 1e-15. */
export function erf(z: number): number {
  if (Math.abs(z) > 6) return Math.sign(z)
  let term = z
  let sum = z
  for (let n = 1; Math.abs(term) > 1e-18 * Math.abs(sum); n++) {
    term *= (2 * z * z) / (2 * n + 1)
    sum += term
  }
  return (2 / Math.sqrt(Math.PI)) * Math.exp(-z * z) * sum
}

export const geluOracle: Oracle = ([x], dy) => {
  const values = Float64Array.from(x!.data)
  const cumulative = values.map((value) => (1 + erf(value / Math.SQRT2)) / 2)
  const density = values.map((value) => Math.exp((-value * value) / 2) / Math.sqrt(2 * Math.PI))
  return {
    value: values.map((value, i) => value * cumulative[i]!),
    gradients: [values.map((value, i) => dy[i]! * (cumulative[i]! + value * density[i]!))],
  }
}

export const layerNormOracle =
  (epsilon: number): Oracle =>
  ([x, weight, bias], dy) => {
    const width = weight!.data.length
    const value = new Float64Array(x!.data.length)
    const dx = new Float64Array(x!.data.length)
    const dweight = new Float64Array(width)
    const dbias = new Float64Array(width)
    for (let base = 0; base < value.length; base += width) {
      const columns = Array.from({ length: width }, (_, c) => c)
      const mean = columns.reduce((sum, c) => sum + x!.data[base + c]!, 0) / width
      const variance = columns.reduce((sum, c) => sum + (x!.data[base + c]! - mean) ** 2, 0) / width
      const scale = 1 / Math.sqrt(variance + epsilon)
      const normal = columns.map((c) => (x!.data[base + c]! - mean) * scale)
      const g = columns.map((c) => dy[base + c]! * weight!.data[c]!)
      const meanG = columns.reduce((sum, c) => sum + g[c]!, 0) / width
      const meanGNormal = columns.reduce((sum, c) => sum + g[c]! * normal[c]!, 0) / width
      for (const c of columns) {
        value[base + c] = normal[c]! * weight!.data[c]! + bias!.data[c]!
        dx[base + c] = scale * (g[c]! - meanG - normal[c]! * meanGNormal)
        dweight[c]! += dy[base + c]! * normal[c]!
        dbias[c]! += dy[base + c]!
      }
    }
    return { value, gradients: [dx, dweight, dbias] }
  }

export const linearOracle: Oracle = ([x, weight, bias], dy) => {
  const [outputs, inputs] = weight!.shape as [number, number]
  const rows = x!.data.length / inputs
  const value = new Float64Array(rows * outputs)
  const dx = new Float64Array(x!.data.length)
  const dweight = new Float64Array(weight!.data.length)
  const dbias = new Float64Array(outputs)
  for (let r = 0; r < rows; r++)
    for (let o = 0; o < outputs; o++) {
      const d = dy[r * outputs + o]!
      let sum = bias?.data[o] ?? 0
      for (let i = 0; i < inputs; i++) {
        const from = x!.data[r * inputs + i]!
        const factor = weight!.data[o * inputs + i]!
        sum += from * factor
        dx[r * inputs + i]! += d * factor
        dweight[o * inputs + i]! += d * from
      }
      value[r * outputs + o] = sum
      dbias[o]! += d
    }
  return { value, gradients: bias ? [dx, dweight, dbias] : [dx, dweight] }
}
