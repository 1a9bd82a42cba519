import type { Fault } from '../../errors.ts'
import type { InteractionsResult } from '../../results.ts'
import type { SettingValues } from '../../settings/rows.ts'

/** One of the runs that are compared: the base with some settings changed. */
export interface Variant {
  /** Unique within its comparison. */
  readonly id: string
  readonly label: string
  /** What differs from the base. */
  readonly values: SettingValues
}

/** What every run of a comparison gets. */
export interface Budget {
  readonly steps: number
  /** Minutes of training after which a run is stopped all the same; null for no such limit. */
  readonly minutes: number | null
  /** Steps between two k-NN measurements; 0: only at the end. */
  readonly knnEvery: number
  /** How often every variant is run, each time with the next seed. */
  readonly seeds: number
  /** The learning rate's schedule is as long as the budget, whatever the base says. */
  readonly fitSchedule: boolean
  /**
   * Every run trains for `minutes`, which are not null, however many steps that is: `steps` and `knnEvery` do not count.
   * k-NN is measured at even times, and the schedule is fitted to the pace of each run.
   */
  readonly byTime?: true
  /** The interactions of every run are measured at its end, with the evaluation settings of the base. */
  readonly interactions?: true
}

/** k-NN accuracies at a step, in percent by representation. */
export interface KnnPoint {
  readonly step: number
  /** Seconds of training. */
  readonly seconds: number
  readonly scores: Readonly<Record<string, number>>
}

/** The smoothed loss: columns of equal length. */
export interface LossCurve {
  readonly steps: readonly number[]
  /** Seconds of training. */
  readonly seconds: readonly number[]
  readonly values: readonly number[]
}

/** What features must beat, in percent. */
export interface Floors {
  readonly rawPixels: number
  /** Of the untrained network, by representation. */
  readonly randomInitOf: Readonly<Record<string, number>>
}

/** What a run has shown so far. */
export interface Curves {
  readonly knn: readonly KnnPoint[]
  readonly loss: LossCurve
  /** Null before the first k-NN measurement. */
  readonly floors: Floors | null
  /** Images that k-NN classified; null before the first measurement. */
  readonly testImages: number | null
  /** Measured at the end; absent where they were not wanted, are not there yet or could not be measured. */
  readonly interactions?: InteractionsResult
}

/** How a run that has begun stands; one without a record waits. */
export type RunOutcome = 'running' | 'done' | 'failed' | 'skipped' | 'interrupted'

/** A run that has begun, or that was skipped. */
export interface RunRecord {
  /** Id of the variant. */
  readonly variant: string
  /** Which of the seeds, from 0. */
  readonly repeat: number
  readonly outcome: RunOutcome
  /** All settings with which it ran. */
  readonly values: SettingValues
  /** Steps done. */
  readonly step: number
  /** Seconds of training. */
  readonly seconds: number
  readonly curves: Curves
  /** The limit of minutes ended it before its steps were done. */
  readonly timedOut: boolean
  /** Why it failed, or why its interactions could not be measured; null otherwise. */
  readonly fault: Fault | null
  /** The adapter, in words. */
  readonly adapter: string
}

/** A comparison: what is to be run, and what has been found. */
export interface Comparison {
  readonly id: string
  readonly name: string
  /** When it was made, as ISO 8601. */
  readonly made: string
  readonly method: string
  /** All settings on which the variants build. */
  readonly base: SettingValues
  readonly variants: readonly Variant[]
  readonly budget: Budget
  /** In the order in which they began. */
  readonly runs: readonly RunRecord[]
}

/** Which run of a comparison. */
export type RunKey = Pick<RunRecord, 'variant' | 'repeat'>

/** Most variants of a comparison: so many can be told apart by colour and dash. */
export const MOST_VARIANTS = 16
/** Most seeds of a variant. */
export const MOST_SEEDS = 10
/** Most characters of a name. */
export const NAME_LENGTH = 80

/** Bounds of a budget. */
export const BUDGET_BOUNDS = {
  steps: { min: 1, max: 1_000_000 },
  minutes: { min: 0.1, max: 10_000 },
  knnEvery: { min: 0, max: 1_000_000 },
  seeds: { min: 1, max: MOST_SEEDS },
} as const

export const noCurves: Curves = {
  knn: [],
  loss: { steps: [], seconds: [], values: [] },
  floors: null,
  testImages: null,
}

export const isRun = (key: RunKey) => (other: RunKey) =>
  other.variant === key.variant && other.repeat === key.repeat
