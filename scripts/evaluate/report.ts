import type { AdapterDescription } from '../../src/engine/device.ts'
import type { LastingResult } from '../../src/results.ts'
import type { EvaluationSettings } from '../../src/settings/evaluation.ts'
import type { SettingValues } from '../../src/settings/rows.ts'
import { APP_VERSION } from '../../src/version.ts'
import type { Plan } from './plan.ts'
import { PROBES, type Probe } from './probes.ts'

/** What `format` of `evaluation.json` says. */
export const REPORT_FORMAT = 'peekaboo-evaluation'
/** The version of its layout. */
export const REPORT_VERSION = 1

/** The results that there are so far, with the seconds that each took. */
export type Results = {
  readonly [P in Probe]?: {
    readonly result: Extract<LastingResult, { readonly kind: P }>
    readonly took: number
  }
}

/** `evaluation.json`: every number, and what is needed to get it again. Accuracies are in percent. */
export interface EvaluationReport {
  readonly format: typeof REPORT_FORMAT
  readonly version: typeof REPORT_VERSION
  readonly appVersion: string
  readonly checkpoint: {
    readonly file: string
    readonly sha256: string
    readonly savedAt: string
    readonly method: string
    readonly step: number
    /** With the fraction of the present one. */
    readonly epoch: number
    /** Of training. */
    readonly seconds: number
    /** The adapter on which it was trained, in words. */
    readonly adapter: string
  }
  /** The adapter on which it was evaluated. */
  readonly adapter: AdapterDescription
  /** Of what the evaluations draw; the run's own is among the settings. */
  readonly seed: number
  /** What was asked for. */
  readonly probes: readonly Probe[]
  /** Whether all of it is there. */
  readonly complete: boolean
  /** What linear probe, fine-tuning, robustness, shapes and interactions were told to read off the network; null for the paper's choice for each. */
  readonly features: string | null
  readonly knnBank: number
  readonly knnTest: number
  /** Of k-NN; null without it. */
  readonly floors: { readonly rawPixels: number; readonly randomInit: number } | null
  /** Seconds by probe, for those that are finished. */
  readonly took: Readonly<Partial<Record<Probe, number>>>
  /** All settings of the run, and of the evaluations. */
  readonly settings: SettingValues
  /** Null where a probe was not asked for or is not finished. */
  readonly knn: Extract<LastingResult, { readonly kind: 'knn' }> | null
  readonly linear: Extract<LastingResult, { readonly kind: 'linear' }> | null
  readonly finetune: Extract<LastingResult, { readonly kind: 'finetune' }> | null
  readonly robustness: Extract<LastingResult, { readonly kind: 'robustness' }> | null
  readonly detection: Extract<LastingResult, { readonly kind: 'detection' }> | null
  readonly shapes: Extract<LastingResult, { readonly kind: 'shapes' }> | null
  readonly interactions: Extract<LastingResult, { readonly kind: 'interactions' }> | null
}

/** What `evaluation.json` says when these results are there. */
export function reportOf(
  { file, state, moment, settings, seed, probes, features }: Plan,
  adapter: AdapterDescription,
  results: Results,
): EvaluationReport {
  const { knnBank, knnTest } = settings as EvaluationSettings
  const { rawPixels, randomInit } = results.knn?.result.floors ?? {}
  const finished = PROBES.filter((probe) => results[probe] !== undefined)
  return {
    format: REPORT_FORMAT,
    version: REPORT_VERSION,
    appVersion: APP_VERSION,
    checkpoint: {
      file: file.name,
      sha256: file.sha256,
      savedAt: file.savedAt,
      method: state.method,
      ...moment,
      adapter: state.adapter,
    },
    adapter,
    seed,
    probes,
    complete: finished.length === probes.length,
    features,
    knnBank,
    knnTest,
    floors: rawPixels === undefined || randomInit === undefined ? null : { rawPixels, randomInit },
    took: Object.fromEntries(finished.map((probe) => [probe, results[probe]!.took])),
    settings,
    knn: results.knn?.result ?? null,
    linear: results.linear?.result ?? null,
    finetune: results.finetune?.result ?? null,
    robustness: results.robustness?.result ?? null,
    detection: results.detection?.result ?? null,
    shapes: results.shapes?.result ?? null,
    interactions: results.interactions?.result ?? null,
  }
}
