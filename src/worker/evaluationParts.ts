import type { ImageSet } from '../data/images.ts'
import type { Engine } from '../engine/engine.ts'
import type { Fault } from '../errors.ts'
import type { evaluate } from '../evaluation/evaluate.ts'
import type { Job } from '../evaluation/job.ts'
import type {
  EvaluationKind,
  EvaluationProgress,
  EvaluationRecord,
  EvaluationRequest,
  EvaluationResult,
} from '../results.ts'
import { SnapshotCache } from './snapshotCache.ts'
import type { TestImages } from './testImages.ts'

/** What a run's evaluations tell the session. */
export interface EvaluationListener {
  readonly evaluating: (kind: EvaluationKind, progress: EvaluationProgress | null) => void
  readonly evaluated: (record: EvaluationRecord<EvaluationResult>) => void
  /** All that is kept. */
  readonly evaluations: (records: readonly EvaluationRecord[]) => void
  readonly fault: (fault: Fault) => void
}

/** What evaluations are made of. */
export interface EvaluationParts {
  /** The training images on the host: at least those of the run. */
  readonly trainImages: ImageSet
  readonly testImages: TestImages
  /** Results that the run has already. */
  readonly records: readonly EvaluationRecord[]
  readonly evaluate: typeof evaluate
  readonly listener: EvaluationListener
}

/** The run that is evaluated. */
export interface EvaluatedRun {
  /** There is something to do. */
  readonly wake: () => void
  /** Whether the run has a GPU that works, once everything that happened to it is known. */
  readonly hasGpu: () => Promise<boolean>
}

/** An evaluation that was asked for. */
export interface Wish {
  readonly request: EvaluationRequest
  /** Nobody asked for it but the settings. */
  readonly byItself: boolean
  /** Of the network before its first step. */
  readonly untrained: boolean
  /** How often the GPU was lost while it was under way. */
  losses: number
  /** Ends the loading of its images, while they are loaded. */
  loading: AbortController | null
}

/** An evaluation under way. */
export interface Work {
  readonly wish: Wish
  readonly job: Job<EvaluationResult>
  readonly engine: Engine
  /** What is known of the record before there is a result. */
  readonly record: Omit<EvaluationRecord, 'took' | 'result'>
  readonly began: number
}

/** Kinds that are done one after the other. */
export interface Lane {
  readonly kinds: ReadonlySet<EvaluationKind>
  readonly snapshots: SnapshotCache
  work: Work | null
}

/** A lane with nothing under way. */
export const laneOf = (...kinds: readonly EvaluationKind[]): Lane => ({
  kinds: new Set(kinds),
  snapshots: new SnapshotCache(),
  work: null,
})
