import type { SettingValues } from '../../src/settings/rows.ts'
import type { VitShape } from './vit.ts'

/** Who may be asked to train. */
export const ENGINES = ['tfjs', 'jax-js', 'peekaboo'] as const
/** The name of an engine. */
export type EngineName = (typeof ENGINES)[number]

/** A method's settings as our Trainer runs them. */
export interface MethodRun {
  readonly kind: 'method'
  readonly method: string
  readonly preset: string
  /** What differs from the preset. */
  readonly values: SettingValues
  readonly engines: readonly EngineName[]
}

/** What one engine trains, or several train alike: the same plain transformer by every engine, or a method by ours. */
export type Workload =
  | { readonly kind: 'vit'; readonly shape: VitShape; readonly engines: readonly EngineName[] }
  | MethodRun

/** Runs that differ in what is hidden: how their costs stand to each other, and to the cost model. */
export interface MaskingWorkload {
  readonly kind: 'masking'
  /** By name; the first of every method is the one to which its others are compared. */
  readonly variants: Readonly<Record<string, MethodRun>>
}

/** How attention is told who sees whom: by ranks in our kernel, by N × N masks in our kernel, by masks on scores in memory. */
export const ATTENTIONS = ['ranks', 'masks', 'dense'] as const
/** The name of such a form of attention. */
export type AttentionName = (typeof ATTENTIONS)[number]

/** RandSAC's network with one form of attention. */
export interface AttentionRun {
  readonly kind: 'attention'
  readonly attention: AttentionName
  /** Of RandSAC. */
  readonly preset: string
  /** What differs from the preset. */
  readonly values: SettingValues
}

/** The same network and step with every form of attention. */
export interface AttentionWorkload extends Pick<AttentionRun, 'preset' | 'values'> {
  readonly kind: 'attentions'
}

const vit = (width: number): Workload => {
  const shape = { batch: 32, tokens: 64, features: 48, width, depth: 4, heads: 2, mlpRatio: 4 }
  return { kind: 'vit', shape, engines: ENGINES }
}
const run = (method: string, preset: string, values: SettingValues = {}): MethodRun => ({
  kind: 'method',
  method,
  preset,
  values,
  engines: ['peekaboo'],
})
/** Ratio × number of masks; nothing hidden and two views is plain BYOL, in one direction. */
const extrema = (preset: string): MaskingWorkload => ({
  kind: 'masking',
  variants: {
    '0.75 × 4': run('extrema', preset, { maskRatio: 0.75, maskCount: 4 }),
    '0.8 × 5': run('extrema', preset, { maskRatio: 0.8, maskCount: 5 }),
    '0.9 × 8': run('extrema', preset, { maskRatio: 0.9, maskCount: 8 }),
    '0 × 1, two views': run('extrema', preset, { maskRatio: 0, maskCount: 1, views: 'two' }),
  },
})

/** Share of the patches that the student does not get; the network of the preset `small` in smaller batches. */
const sparse = (label: string, method: string): Readonly<Record<string, MethodRun>> =>
  Object.fromEntries(
    [0, 0.5, 0.75].map((sparsity) => [
      `${label}, ${sparsity}`,
      run(method, 'small', { batchSize: 64, dilemma: true, sparsity }),
    ]),
  )

const attentions = (preset: string): AttentionWorkload => ({
  kind: 'attentions',
  preset,
  values: {},
})

/** All workloads by name. */
export const WORKLOADS = {
  'vit-d64': vit(64),
  'vit-d192': vit(192),
  'a2mim-tiny': run('a2mim', 'tiny'),
  'a2mim-small': run('a2mim', 'small'),
  'a2mim-resnet-tiny': run('a2mim', 'tinyResnet'),
  'a2mim-resnet-small': run('a2mim', 'resnet'),
  'extrema-tiny': extrema('tiny'),
  'extrema-small': extrema('small'),
  'randsac-tiny': run('randsac', 'tiny'),
  'randsac-small': run('randsac', 'small'),
  'mocov3-tiny': run('mocov3', 'tiny'),
  'mocov3-small': run('mocov3', 'small'),
  'dino-tiny': run('dino', 'tiny'),
  'dino-small': run('dino', 'small'),
  'simclr-tiny': run('simclr', 'tiny'),
  'simclr-small': run('simclr', 'small'),
  'mae-tiny': run('mae', 'tiny'),
  'mae-small': run('mae', 'small'),
  'dilemma-sparsity': {
    kind: 'masking',
    variants: { ...sparse('MoCo-v3', 'mocov3'), ...sparse('SimCLR', 'simclr') },
  },
  'attention-tiny': attentions('tiny'),
  'attention-small': attentions('small'),
} as const satisfies Readonly<Record<string, Workload | MaskingWorkload | AttentionWorkload>>
/** The name of a workload. */
export type WorkloadName = keyof typeof WORKLOADS
/** The names of all workloads. */
export const WORKLOAD_NAMES = Object.keys(WORKLOADS) as readonly WorkloadName[]

/** A ResNet and a ViT of like work that the same method trains. */
export const NETWORK_PAIRS: readonly (readonly [resnet: WorkloadName, vit: WorkloadName])[] = [
  ['a2mim-resnet-tiny', 'a2mim-tiny'],
  ['a2mim-resnet-small', 'a2mim-small'],
]

/** What is measured of an engine. docs/performance.md says how. */
export const METRICS = [
  'dispatches',
  'submits',
  'hostMs',
  'wallMs',
  'deviceBytes',
  'uploadedBytes',
  'multiplyAdds',
  'matmulShare',
] as const
/** The name of a metric. */
export type Metric = (typeof METRICS)[number]

/** What is measured of what is hidden. docs/performance.md says how. */
export const MASKING_METRICS = [
  'teacherTokens',
  'studentTokens',
  'wallMs',
  'imagesPerSecond',
  'tokensPerSecond',
  'predicted',
  'measured',
  'measuredToPredicted',
] as const
/** The name of such a metric. */
export type MaskingMetric = (typeof MASKING_METRICS)[number]

/** What is measured of a form of attention. docs/performance.md says how. */
export const ATTENTION_METRICS = [
  'dispatches',
  'uploadedBytes',
  'wallMs',
  'wallToRanks',
  'deviceBytes',
  'deviceBytesToRanks',
] as const
/** The name of such a metric. */
export type AttentionMetric = (typeof ATTENTION_METRICS)[number]

/** One figure, as it stands in the JSON file. */
export interface Measurement {
  readonly workload: WorkloadName
  readonly engine: EngineName
  readonly metric: Metric
  readonly value: number
}

/** One figure about a variant, as it stands in the JSON file. */
export interface MaskingMeasurement {
  readonly workload: WorkloadName
  readonly engine: 'peekaboo'
  readonly variant: string
  readonly metric: MaskingMetric
  readonly value: number
}

/** One figure about a form of attention, as it stands in the JSON file. */
export interface AttentionMeasurement {
  readonly workload: WorkloadName
  readonly engine: 'peekaboo'
  readonly variant: AttentionName
  readonly metric: AttentionMetric
  readonly value: number
}
