import type { HostTensor } from './run.ts'

const mean = (values: readonly number[]): number =>
  values.reduce((sum, value) => sum + value, 0) / values.length

const deviation = (values: readonly number[]): number => {
  const middle = mean(values)
  return Math.sqrt(mean(values.map((value) => (value - middle) ** 2)))
}

/** The unit vectors of rows; a row of zeros stays one. */
function unitRows({ shape, data }: HostTensor): number[][] {
  const [rows, width] = shape as [number, number]
  return Array.from({ length: rows }, (_, row) => {
    const values = Array.from({ length: width }, (_, i) => data[row * width + i]!)
    const length = Math.max(Math.hypot(...values), 1e-12)
    return values.map((value) => value / length)
  })
}

/** What `cosineStatistics` gives, in float64. */
export function cosineStatisticsOracle(x: HostTensor, target: HostTensor) {
  const [units, targets] = [unitRows(x), unitRows(target)]
  const cosines = units.map((row, r) => {
    const own = targets[r % targets.length]!
    return row.reduce((sum, value, i) => sum + value * own[i]!, 0)
  })
  const channels = targets[0]!.map((_, i) => targets.map((row) => row[i]!))
  return {
    cosine: mean(cosines),
    spread: mean(
      targets.map((_, own) => deviation(cosines.filter((_, r) => r % targets.length === own))),
    ),
    deviation: mean(channels.map(deviation)),
  }
}
