import type { EngineName, Measurement, Metric, WorkloadName } from './workloads.ts'

/** What our engine is to reach: a figure of its own, or a share of another engine's figure in the same run. */
export interface Bar {
  readonly metric: Metric
  readonly workloads: readonly WorkloadName[]
  /** The engine whose figure is the unit; ours alone counts when absent. */
  readonly against?: EngineName
  readonly most: number
}

/** A bar and what was measured. */
export interface Verdict extends Omit<Bar, 'workloads'> {
  readonly workload: WorkloadName
  readonly value: number
  readonly isMet: boolean
}

const VIT: readonly WorkloadName[] = ['vit-d64', 'vit-d192']

/** All bars. */
export const BARS: readonly Bar[] = [
  { metric: 'dispatches', workloads: ['vit-d64'], most: 130 },
  { metric: 'submits', workloads: VIT, most: 2 },
  { metric: 'hostMs', workloads: VIT, against: 'tfjs', most: 1 / 100 },
  { metric: 'hostMs', workloads: VIT, against: 'jax-js', most: 1 / 50 },
  { metric: 'deviceBytes', workloads: VIT, against: 'tfjs', most: 1 / 4 },
  { metric: 'wallMs', workloads: VIT, against: 'tfjs', most: 0.45 },
  { metric: 'wallMs', workloads: VIT, against: 'jax-js', most: 0.75 },
  {
    metric: 'uploadedBytes',
    workloads: [...VIT, 'a2mim-tiny', 'a2mim-small', 'randsac-tiny', 'randsac-small'],
    most: 16_000,
  },
]

/** Compares measurements with the bars; those for which a figure is missing are left out. */
export function judge(measurements: readonly Measurement[]): Verdict[] {
  const figure = (workload: WorkloadName, engine: EngineName, metric: Metric): number | undefined =>
    measurements.find(
      (one) => one.workload === workload && one.engine === engine && one.metric === metric,
    )?.value
  return BARS.flatMap(({ workloads, ...bar }) =>
    workloads.flatMap((workload) => {
      const ours = figure(workload, 'peekaboo', bar.metric)
      const unit = bar.against === undefined ? 1 : figure(workload, bar.against, bar.metric)
      if (ours === undefined || unit === undefined) return []
      const value = ours / unit
      return [{ ...bar, workload, value, isMet: value <= bar.most }]
    }),
  )
}
