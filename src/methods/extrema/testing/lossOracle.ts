import type { HostTensor } from '../../../engine/testing/run.ts'

const rowsOf = ({ shape, data }: HostTensor): number[][] =>
  Array.from({ length: shape[0]! }, (_, row) =>
    Array.from({ length: shape[1]! }, (_, i) => data[row * shape[1]! + i]!),
  )

const dot = (a: readonly number[], b: readonly number[]): number =>
  a.reduce((sum, value, i) => sum + value * b[i]!, 0)

const unit = (row: readonly number[]): number[] => {
  const length = Math.max(Math.hypot(...row), 1e-12)
  return row.map((value) => value / length)
}

const mean = (values: readonly number[]): number =>
  values.reduce((sum, value) => sum + value, 0) / values.length

/** The loss written out in float64 as spec section 4 has it: mask after mask, row after row. */
export function lossOracle(
  predictions: HostTensor,
  targets: HostTensor,
  temperature: number | null,
): number {
  const [q, t] = [rowsOf(predictions).map(unit), rowsOf(targets).map(unit)]
  const masks = q.length / t.length
  let total = 0
  for (let mask = 0; mask < masks; mask++) {
    const rows = q.slice(mask * t.length, (mask + 1) * t.length)
    const losses = rows.map((row, image) => {
      if (temperature === null)
        return row.reduce((sum, value, i) => sum + (value - t[image]![i]!) ** 2, 0)
      const logits = t.map((target) => dot(row, target) / temperature)
      const total = logits.reduce((sum, logit) => sum + Math.exp(logit), 0)
      return 2 * temperature * (Math.log(total) - logits[image]!)
    })
    total += mean(losses) / masks
  }
  return total
}

/** The gradient of `lossOracle` in the predictions by central differences. */
export function lossGradient(
  predictions: HostTensor,
  targets: HostTensor,
  temperature: number | null,
): Float64Array {
  const values = Float64Array.from(predictions.data)
  const at = (i: number, value: number): number => {
    const moved = Float64Array.from(values)
    moved[i] = value
    return lossOracle({ shape: predictions.shape, data: moved }, targets, temperature)
  }
  return values.map((value, i) => {
    const step = 1e-5 * Math.max(1, Math.abs(value))
    return (at(i, value + step) - at(i, value - step)) / (2 * step)
  })
}
