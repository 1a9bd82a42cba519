import { CLASSES } from '../classification.ts'

/** A linear probe in float64, one scalar after the other. */
export interface ProbeState {
  /** [CLASSES][width] */
  readonly weight: number[][]
  readonly bias: number[]
  readonly weightVelocity: number[][]
  readonly biasVelocity: number[]
  readonly mean: number[]
  readonly variance: number[]
}

const zeros = (count: number): number[] => new Array<number>(count).fill(0)

/** A probe before its first step. */
export const probeState = (weight: readonly (readonly number[])[]): ProbeState => {
  const width = weight[0]!.length
  return {
    weight: weight.map((row) => [...row]),
    bias: zeros(CLASSES),
    weightVelocity: weight.map(() => zeros(width)),
    biasVelocity: zeros(CLASSES),
    mean: zeros(width),
    variance: new Array<number>(width).fill(1),
  }
}

/** What a step of the probe is told. */
export interface ProbeOracleStep {
  readonly rate: number
  readonly weightDecay: number
  readonly momentum: number
}

/** Logits of features, with given statistics. */
export const probeLogits = (
  { weight, bias }: ProbeState,
  rows: readonly (readonly number[])[],
  mean: readonly number[],
  variance: readonly number[],
): number[][] =>
  rows.map((row) =>
    weight.map((entries, c) =>
      entries.reduce(
        (sum, w, i) => sum + (w * (row[i]! - mean[i]!)) / Math.sqrt(variance[i]! + 1e-5),
        bias[c]!,
      ),
    ),
  )

/** One step of training on a batch of features, in place; returns the loss before it. */
export function probeOracleStep(
  state: ProbeState,
  rows: readonly (readonly number[])[],
  labels: readonly number[],
  { rate, weightDecay, momentum }: ProbeOracleStep,
): number {
  const count = rows.length
  const column = (i: number): number[] => rows.map((row) => row[i]!)
  const average = (values: readonly number[]): number =>
    values.reduce((sum, value) => sum + value, 0) / count
  const mean = state.mean.map((_, i) => average(column(i)))
  const variance = mean.map((middle, i) => average(column(i).map((v) => (v - middle) ** 2)))
  const logits = probeLogits(state, rows, mean, variance)
  let loss = 0
  const errors = logits.map((row, r) => {
    const largest = Math.max(...row)
    const sum = row.reduce((total, z) => total + Math.exp(z - largest), 0)
    loss -= (row[labels[r]!]! - largest - Math.log(sum)) / count
    return row.map((z, c) => (Math.exp(z - largest) / sum - Number(c === labels[r])) / count)
  })
  const normal = (r: number, i: number): number =>
    (rows[r]![i]! - mean[i]!) / Math.sqrt(variance[i]! + 1e-5)
  for (let c = 0; c < CLASSES; c++) {
    const [w, v] = [state.weight[c]!, state.weightVelocity[c]!]
    w.forEach((value, i) => {
      const g = errors.reduce((sum, error, r) => sum + error[c]! * normal(r, i), 0)
      v[i] = momentum * v[i]! + g + weightDecay * value
      w[i] = value - rate * v[i]
    })
    const g = errors.reduce((sum, error) => sum + error[c]!, 0)
    const velocity = momentum * state.biasVelocity[c]! + g
    state.biasVelocity[c] = velocity
    state.bias[c]! -= rate * velocity
  }
  mean.forEach((middle, i) => {
    state.mean[i] = 0.9 * state.mean[i]! + 0.1 * middle
    state.variance[i] = 0.9 * state.variance[i]! + (0.1 * variance[i]! * count) / (count - 1)
  })
  return loss
}
