import type { KernelCost } from '../../src/profile.ts'
import type { Verdict } from './bars.ts'
import type { Table } from './table.ts'
import {
  METRICS,
  NETWORK_PAIRS,
  type AttentionMeasurement,
  type AttentionMetric,
  type AttentionName,
  type EngineName,
  type MaskingMeasurement,
  type MaskingMetric,
  type Measurement,
  type Metric,
  type WorkloadName,
} from './workloads.ts'

const decimal = (value: number, digits: number): string =>
  value.toLocaleString('en-GB', { minimumFractionDigits: digits, maximumFractionDigits: digits })

/** About three digits, however small. */
const short = (value: number): string =>
  value >= 100 || value === 0
    ? decimal(value, 0)
    : decimal(value, Math.min(6, Math.max(0, 2 - Math.floor(Math.log10(value)))))

const megabytes = (bytes: number): string => `${short(bytes / 1e6)} MB`
const kilobytes = (bytes: number): string =>
  bytes < 1000 ? `${decimal(bytes, 0)} B` : `${short(bytes / 1e3)} kB`
const milliseconds = (value: number): string => `${short(value)} ms`

/** How figures are called and written. */
const styles: Readonly<
  Record<Metric, { readonly title: string; readonly text: (value: number) => string }>
> = {
  dispatches: { title: 'dispatches', text: (value) => decimal(value, 0) },
  submits: { title: 'submits', text: (value) => decimal(value, Number.isInteger(value) ? 0 : 1) },
  hostMs: { title: 'host, null adapter', text: milliseconds },
  wallMs: { title: 'wall', text: milliseconds },
  deviceBytes: { title: 'held on the device', text: megabytes },
  uploadedBytes: { title: 'uploaded', text: kilobytes },
  multiplyAdds: { title: 'multiply-adds', text: (value) => `${short(value / 1e9)} G` },
  matmulShare: {
    title: 'share of the best matmul rate',
    text: (value) => `${short(100 * value)} %`,
  },
}

const engineNames: Readonly<Record<EngineName, string>> = {
  tfjs: 'tfjs',
  'jax-js': 'jax-js',
  peekaboo: 'Peekaboo',
}

/** Measurements of one key together, in the order in which the keys come. */
function rowsBy<T>(measurements: readonly T[], keyOf: (one: T) => string): T[][] {
  const rows = new Map<string, T[]>()
  for (const one of measurements) {
    const key = keyOf(one)
    rows.set(key, [...(rows.get(key) ?? []), one])
  }
  return [...rows.values()]
}

/** All figures: a row for every workload and engine, a column for every metric. */
export function figuresTable(measurements: readonly Measurement[]): Table {
  const rows = rowsBy(measurements, ({ workload, engine }) => `${workload} ${engine}`)
  return {
    head: ['a step of', 'engine', ...METRICS.map((metric) => styles[metric].title)],
    rows: rows.map((row) => [
      row[0]!.workload,
      engineNames[row[0]!.engine],
      ...METRICS.map((metric) => {
        const one = row.find((measurement) => measurement.metric === metric)
        return one === undefined ? '–' : styles[metric].text(one.value)
      }),
    ]),
    numbersFrom: 2,
  }
}

/** Steps of ResNets beside those of ViTs: a row of ratios for every pair of which both were measured. */
export function networksTable(measurements: readonly Measurement[]): Table {
  const valueOf = (workload: WorkloadName, metric: Metric): number =>
    measurements.find((one) => one.workload === workload && one.metric === metric)?.value ?? NaN
  const rows = NETWORK_PAIRS.map(([resnet, vit]) => {
    const ratio = (metric: Metric): number => valueOf(resnet, metric) / valueOf(vit, metric)
    const [work, wall] = [ratio('multiplyAdds'), ratio('wallMs')]
    return { names: [resnet, vit], ratios: [ratio('dispatches'), work, wall, wall / work] }
  })
  return {
    head: [
      'a step of',
      'beside one of',
      'dispatches',
      'multiply-adds',
      'wall',
      'wall to a multiply-add',
    ],
    rows: rows
      .filter(({ ratios }) => ratios.every(Number.isFinite))
      .map(({ names, ratios }) => [...names, ...ratios.map((value) => `× ${decimal(value, 2)}`)]),
    numbersFrom: 2,
  }
}

/** What is hidden and what that costs: a row for every variant. */
export function maskingTable(measurements: readonly MaskingMeasurement[]): Table {
  const rows = rowsBy(measurements, ({ workload, variant }) => `${workload} ${variant}`)
  return {
    head: [
      'a step of',
      'hidden',
      'tokens of an image, teacher + student',
      'wall',
      'images/s',
      'tokens/s',
      'cost, predicted',
      'measured',
      'measured / predicted',
    ],
    rows: rows.map((row) => {
      const value = (metric: MaskingMetric): number =>
        row.find((one) => one.metric === metric)!.value
      return [
        row[0]!.workload,
        row[0]!.variant,
        `${value('teacherTokens')} + ${value('studentTokens')}`,
        milliseconds(value('wallMs')),
        short(value('imagesPerSecond')),
        decimal(value('tokensPerSecond'), 0),
        decimal(value('predicted'), 3),
        decimal(value('measured'), 3),
        decimal(value('measuredToPredicted'), 3),
      ]
    }),
    numbersFrom: 2,
  }
}

const attentionNames: Readonly<Record<AttentionName, string>> = {
  ranks: 'by ranks, in the kernel',
  masks: 'N × N masks, in the kernel',
  dense: 'N × N masks and probabilities in memory',
}

/** Forms of attention and what they cost: a row for each. */
export function attentionTable(measurements: readonly AttentionMeasurement[]): Table {
  const rows = rowsBy(measurements, ({ workload, variant }) => `${workload} ${variant}`)
  return {
    head: [
      'a step of',
      'attention',
      'dispatches',
      'uploaded',
      'wall',
      'wall, of ranks',
      'held on the device',
      'held, of ranks',
    ],
    rows: rows.map((row) => {
      const value = (metric: AttentionMetric): number =>
        row.find((one) => one.metric === metric)!.value
      return [
        row[0]!.workload,
        attentionNames[row[0]!.variant],
        styles.dispatches.text(value('dispatches')),
        kilobytes(value('uploadedBytes')),
        milliseconds(value('wallMs')),
        decimal(value('wallToRanks'), 2),
        megabytes(value('deviceBytes')),
        decimal(value('deviceBytesToRanks'), 2),
      ]
    }),
    numbersFrom: 2,
  }
}

/** The bars: what was to be reached, what was, and whether that is enough. */
export function barsTable(verdicts: readonly Verdict[]): Table {
  return {
    head: ['figure', 'step of', 'bar', 'measured', 'met'],
    rows: verdicts.map(({ metric, against, workload, most, value, isMet }) => {
      const { title, text } = styles[metric]
      const figure = against === undefined ? title : `${title}, of ${engineNames[against]}`
      const write = against === undefined ? text : short
      return [figure, workload, `≤ ${write(most)}`, write(value), isMet ? 'yes' : 'no']
    }),
    numbersFrom: 2,
  }
}

/** What the kernel families of a step cost. */
export function profileTable(costs: readonly KernelCost[]): Table {
  const row = (
    name: string,
    { dispatches, bytes, milliseconds: time }: Omit<KernelCost, 'family'>,
  ) => [name, String(dispatches), megabytes(bytes), time === null ? '–' : milliseconds(time)]
  const sum = (of: (cost: KernelCost) => number): number =>
    costs.reduce((total, cost) => total + of(cost), 0)
  const isTimed = costs.every((cost) => cost.milliseconds !== null)
  return {
    head: ['kernels', 'dispatches', 'bytes bound', 'GPU time'],
    rows: [
      ...costs.map((cost) => row(cost.family, cost)),
      row('all', {
        dispatches: sum((cost) => cost.dispatches),
        bytes: sum((cost) => cost.bytes),
        milliseconds: isTimed ? sum((cost) => cost.milliseconds!) : null,
      }),
    ],
    numbersFrom: 1,
  }
}
