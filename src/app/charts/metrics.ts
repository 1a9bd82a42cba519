import type { MethodDescription, MetricDescription } from '../../methods/description.ts'

/** A metric of every run. */
export interface CommonMetric extends MetricDescription {
  /** Worth smoothing: not what is known exactly. */
  readonly noisy: boolean
}

/** What every run reports beside the method's own metrics. */
export const commonMetrics: readonly CommonMetric[] = [
  {
    key: 'gradNorm',
    label: 'Gradient norm',
    help: 'Length of the whole gradient before clipping.',
    noisy: true,
  },
  {
    key: 'learningRate',
    label: 'Learning rate',
    help: 'What the schedule gives at this step.',
    noisy: false,
  },
  {
    key: 'imagesPerSecond',
    label: 'Images a second',
    help: 'How many training images go through a step in a second.',
    noisy: true,
  },
]

/** The colour of each metric: by its place in the method's description, so that it never changes. */
export const colourOf = ({ metrics }: MethodDescription, key: string): string => {
  const place = metrics.findIndex((metric) => metric.key === key)
  return `var(--series-${(place < 0 ? metrics.length : place) % 6})`
}
