import type { MetricBuckets } from './buckets.ts'

/**
 * Exponential moving average of the buckets' means, in which a row loses half its weight in `halfLife` rows; divided
 * by the weights that it has seen, so that it is unbiased from the first point and reaches to the last one. A bucket
 * of n rows counts as n rows of its mean: merging buckets hardly moves the curve. 0 gives the means themselves; a
 * bucket without finite values gives NaN.
 */
export function smooth(metric: MetricBuckets, length: number, halfLife: number): Float64Array {
  const smoothed = new Float64Array(length)
  let average = 0
  let weight = 0
  for (let i = 0; i < length; i++) {
    const rows = metric.count[i]!
    if (rows === 0) {
      smoothed[i] = NaN
      continue
    }
    const kept = halfLife > 0 ? 2 ** (-rows / halfLife) : 0
    average = kept * average + (1 - kept) * (metric.sum[i]! / rows)
    weight = kept * weight + (1 - kept)
    smoothed[i] = average / weight
  }
  return smoothed
}
