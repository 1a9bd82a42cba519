import type { VitShape } from './vit.ts'

/** Who may be asked to train. */
export const ENGINES = ['tfjs', 'jax-js', 'peekaboo'] as const
/** The name of an engine. */
export type EngineName = (typeof ENGINES)[number]

/** What is trained: the same plain transformer by every engine, or a preset of ours by our Trainer. */
export type Workload =
  | { readonly kind: 'vit'; readonly shape: VitShape; readonly engines: readonly EngineName[] }
  | { readonly kind: 'a2mim'; readonly preset: string; readonly engines: readonly EngineName[] }

const vit = (width: number): Workload => {
  const shape = { batch: 32, tokens: 64, features: 48, width, depth: 4, heads: 2, mlpRatio: 4 }
  return { kind: 'vit', shape, engines: ENGINES }
}
const a2mim = (preset: string): Workload => ({ kind: 'a2mim', preset, engines: ['peekaboo'] })

/** All workloads by name. */
export const WORKLOADS = {
  'vit-d64': vit(64),
  'vit-d192': vit(192),
  'a2mim-tiny': a2mim('tiny'),
  'a2mim-small': a2mim('small'),
} as const satisfies Readonly<Record<string, Workload>>
/** The name of a workload. */
export type WorkloadName = keyof typeof WORKLOADS
/** The names of all workloads. */
export const WORKLOAD_NAMES = Object.keys(WORKLOADS) as readonly WorkloadName[]

/** What is measured. docs/performance.md says how. */
export const METRICS = [
  'dispatches',
  'submits',
  'hostMs',
  'wallMs',
  'deviceBytes',
  'uploadedBytes',
  'matmulShare',
] as const
/** The name of a metric. */
export type Metric = (typeof METRICS)[number]

/** One figure, as it stands in the JSON file. */
export interface Measurement {
  readonly workload: WorkloadName
  readonly engine: EngineName
  readonly metric: Metric
  readonly value: number
}
