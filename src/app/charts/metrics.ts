import {
  teacherMetrics,
  type MethodDescription,
  type MetricDescription,
} from '../../methods/description.ts'

/** A metric with a chart of its own. */
export interface ApartMetric extends MetricDescription {
  /** Worth smoothing: not what is known exactly. */
  readonly noisy: boolean
}

/** What every run reports beside the method's own metrics. */
const commonMetrics: readonly ApartMetric[] = [
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

/** The metrics that share the chart of the losses. */
export const lossMetrics = ({ metrics }: MethodDescription): readonly MetricDescription[] =>
  metrics.filter(({ apart }) => !apart)

/** The metrics with charts of their own: the method's, those of its teacher, and those of every run. */
export const apartMetrics = ({
  metrics,
  hasTeacher,
}: MethodDescription): readonly ApartMetric[] => [
  ...metrics.filter(({ apart }) => apart).map((metric) => ({ ...metric, noisy: true })),
  ...(hasTeacher ? teacherMetrics : []).map((metric) => ({ ...metric, noisy: false })),
  ...commonMetrics,
]

/** The colour of each metric: by its place in the method's description, so that it never changes. */
export const colourOf = ({ metrics }: MethodDescription, key: string): string => {
  const place = metrics.findIndex((metric) => metric.key === key)
  return `var(--series-${(place < 0 ? metrics.length : place) % 6})`
}
