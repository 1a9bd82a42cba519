/**
 * Numbers of a run of any length in bounded memory. Rows fall into buckets that keep minimum, mean and maximum of
 * every metric; when all buckets are used, neighbours merge for good. What has been drawn thus never changes its
 * shape, it only becomes coarser by a factor of two from time to time.
 */

/** Most buckets of a series. Even, since neighbours merge in pairs. */
export const BUCKETS = 2048

/** Where a row stands: its step, epoch and seconds of training. */
export const axes = ['step', 'epoch', 'seconds'] as const

/** Minimum, mean, maximum of one metric in every bucket, and how many finite values it had. */
export interface MetricBuckets {
  readonly min: Float64Array
  readonly max: Float64Array
  readonly sum: Float64Array
  readonly count: Float64Array
}

/** An empty metric: nothing has been seen. */
export function emptyMetric(): MetricBuckets {
  return {
    min: new Float64Array(BUCKETS).fill(Infinity),
    max: new Float64Array(BUCKETS).fill(-Infinity),
    sum: new Float64Array(BUCKETS),
    count: new Float64Array(BUCKETS),
  }
}

/** Puts a value into a bucket; a value that is not finite leaves no trace. */
export function addValue(metric: MetricBuckets, bucket: number, value: number): void {
  if (!Number.isFinite(value)) return
  metric.min[bucket] = Math.min(metric.min[bucket]!, value)
  metric.max[bucket] = Math.max(metric.max[bucket]!, value)
  metric.sum[bucket]! += value
  metric.count[bucket]! += 1
}

/** Merges buckets 2i and 2i + 1 into i; the upper half becomes empty. */
export function mergeMetric({ min, max, sum, count }: MetricBuckets): void {
  const half = BUCKETS / 2
  for (let i = 0; i < half; i++) {
    min[i] = Math.min(min[2 * i]!, min[2 * i + 1]!)
    max[i] = Math.max(max[2 * i]!, max[2 * i + 1]!)
    sum[i] = sum[2 * i]! + sum[2 * i + 1]!
    count[i] = count[2 * i]! + count[2 * i + 1]!
  }
  dropAfter({ min, max, sum, count }, half)
}

/** Empties all buckets but the first `kept`. */
export function dropAfter({ min, max, sum, count }: MetricBuckets, kept: number): void {
  min.fill(Infinity, kept)
  max.fill(-Infinity, kept)
  sum.fill(0, kept)
  count.fill(0, kept)
}

/** Keeps the position of the last row of each pair of buckets. */
export function mergeAxis(axis: Float64Array): void {
  const half = BUCKETS / 2
  for (let i = 0; i < half; i++) axis[i] = axis[2 * i + 1]!
  axis.fill(0, half)
}
