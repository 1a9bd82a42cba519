import type { Oracle } from './oracle.ts'
import type { HostTensor } from './run.ts'

/** An elementwise comparison of a prediction with its target, and its derivative in the prediction. */
export interface OracleTerm {
  readonly value: (p: number, t: number) => number
  readonly slope: (p: number, t: number) => number
}

export const squareTerm: OracleTerm = {
  value: (p, t) => (p - t) ** 2,
  slope: (p, t) => 2 * (p - t),
}

export const absoluteTerm: OracleTerm = {
  value: (p, t) => Math.abs(p - t),
  slope: (p, t) => Math.sign(p - t),
}

export const focalOracleTerm = (alpha: number): OracleTerm => {
  const sigmoid = (x: number): number => 1 / (1 + Math.exp(-x))
  return {
    value: (p, t) => Math.abs(p - t) * (2 * sigmoid(alpha * Math.abs(p - t)) - 1),
    slope: (p, t) => {
      const d = Math.abs(p - t)
      const s = sigmoid(alpha * d)
      return Math.sign(p - t) * (2 * s - 1 + 2 * alpha * d * s * (1 - s))
    },
  }
}

export const binaryTerm: OracleTerm = {
  value: (p, t) => Math.max(p, 0) - p * t + Math.log1p(Math.exp(-Math.abs(p))),
  slope: (p, t) => 1 / (1 + Math.exp(-p)) - t,
}

/** Weighted mean of a term; each weight is for as many neighbouring elements as there are elements to a weight. */
export const meanLossOracle =
  (term: OracleTerm, target: HostTensor, weights?: HostTensor, epsilon = 0): Oracle =>
  ([prediction], dy) => {
    const count = target.data.length
    const share = count / (weights?.data.length ?? count)
    const weight = (i: number): number => weights?.data[Math.floor(i / share)] ?? 1
    let sum = 0
    for (let i = 0; i < count; i++) sum += weight(i) / share
    const p = Array.from(prediction!.data)
    const scale = 1 / share / (sum + epsilon)
    const loss = p.reduce((total, x, i) => total + weight(i) * term.value(x, target.data[i]!), 0)
    return {
      value: Float64Array.of(loss * scale),
      gradients: [
        Float64Array.from(p, (x, i) => dy[0]! * scale * weight(i) * term.slope(x, target.data[i]!)),
      ],
    }
  }

/** Softmax cross-entropy with a share t for every class: mean over rows of −Σ t log softmax(z / T). */
export const crossEntropyOracle =
  (targets: HostTensor, temperature: number): Oracle =>
  ([logits], dy) => {
    const [rows, classes] = logits!.shape as [number, number]
    let loss = 0
    const gradient = new Float64Array(rows * classes)
    for (let row = 0; row < rows; row++) {
      const z = Array.from(
        { length: classes },
        (_, c) => logits!.data[row * classes + c]! / temperature,
      )
      const t = Array.from({ length: classes }, (_, c) => targets.data[row * classes + c]!)
      const largest = Math.max(...z)
      const total = z.reduce((sum, value) => sum + Math.exp(value - largest), 0)
      const share = t.reduce((sum, value) => sum + value, 0)
      z.forEach((value, c) => {
        const log = value - largest - Math.log(total)
        loss -= t[c]! * log
        gradient[row * classes + c] =
          (dy[0]! * (Math.exp(log) * share - t[c]!)) / rows / temperature
      })
    }
    return { value: Float64Array.of(loss / rows), gradients: [gradient] }
  }

/** Class numbers as a share for every class. */
export const oneHot = (labels: readonly number[], classes: number): HostTensor => ({
  shape: [labels.length, classes],
  data: labels.flatMap((label) => Array.from({ length: classes }, (_, c) => Number(c === label))),
})

export const normaliseOracle =
  (epsilon: number): Oracle =>
  ([x], dy) => {
    const width = x!.shape.at(-1)!
    const value = new Float64Array(x!.data.length)
    const dx = new Float64Array(x!.data.length)
    for (let base = 0; base < value.length; base += width) {
      const row = Array.from({ length: width }, (_, i) => base + i)
      const norm = Math.sqrt(row.reduce((sum, i) => sum + x!.data[i]! ** 2, 0))
      const length = Math.max(norm, epsilon)
      for (const i of row) value[i] = x!.data[i]! / length
      const along = norm > epsilon ? row.reduce((sum, i) => sum + value[i]! * dy[i]!, 0) : 0
      for (const i of row) dx[i] = (dy[i]! - value[i]! * along) / length
    }
    return { value, gradients: [dx] }
  }

/** Mean over rows of |x̂ − t̂|², from `normaliseOracle` by the chain rule. */
export const cosineLossOracle =
  (target: HostTensor, epsilon: number): Oracle =>
  ([x], dy) => {
    const rows = x!.shape[0]!
    const zeros = new Float64Array(target.data.length)
    const wanted = normaliseOracle(epsilon)([target], zeros).value
    const unit = normaliseOracle(epsilon)([x!], new Float64Array(x!.data.length)).value
    const apart = unit.map((value, i) => value - wanted[i % wanted.length]!)
    const loss = apart.reduce((sum, value) => sum + value * value, 0) / rows
    const upstream = apart.map((value) => (2 * dy[0]! * value) / rows)
    const { gradients } = normaliseOracle(epsilon)([x!], upstream)
    return { value: Float64Array.of(loss), gradients }
  }
