import type { SettingValues } from '../../settings/rows.ts'
import {
  metricsOf,
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

/** The metrics of a run with these settings that share the chart of the losses. */
export const lossMetrics = (
  description: Pick<MethodDescription, 'metrics'>,
  settings: SettingValues,
): readonly MetricDescription[] => metricsOf(description, settings).filter(({ apart }) => !apart)

/** Those with charts of their own: the method's, those of its teacher, and those of every run. */
export const apartMetrics = (
  description: Pick<MethodDescription, 'metrics' | 'hasTeacher'>,
  settings: SettingValues,
): readonly ApartMetric[] => [
  ...metricsOf(description, settings)
    .filter(({ apart }) => apart)
    .map((metric) => ({ ...metric, noisy: true })),
  ...(description.hasTeacher ? teacherMetrics : []).map((metric) => ({ ...metric, noisy: false })),
  ...commonMetrics,
]

/** The colour of each loss: by its place among all that the method may report, so that it never changes. */
export const colourOf = ({ metrics }: Pick<MethodDescription, 'metrics'>, key: string): string => {
  const losses = metrics.filter(({ apart }) => !apart)
  return `var(--series-${losses.findIndex((metric) => metric.key === key) % 6})`
}
