import type { Fault } from './errors.ts'
import type { Picture, PictureRequest } from './pictures.ts'
import type { StepProfile } from './profile.ts'
import type {
  EvaluationKind,
  EvaluationProgress,
  EvaluationRecord,
  EvaluationRequest,
  EvaluationResult,
  ImageAddress,
} from './results.ts'
import type { TablesSnapshot } from './tables.ts'
import type { SettingValue, SettingValues } from './settings/rows.ts'

/**
 * Every message between the page and the worker. The worker owns training, the page owns wishes; commands that concern
 * a run carry its id and are ignored when the run is gone.
 */

/** Where a run stands. */
export type RunState =
  | 'opening' // the GPU is being opened
  | 'no-data' // waits for images: none served, the person is asked for a file
  | 'loading' // images are being loaded
  | 'paused'
  | 'training'
  | 'recovering' // the GPU was lost; another one is being opened
  | 'stopped' // diverged or failed; the last good state is kept

/** What the GPU is. */
export interface AdapterSummary {
  /** For people: "NVIDIA H100", "SwiftShader (software)". */
  readonly name: string
  /** True for a software adapter: slow. */
  readonly software: boolean
  /** Lower-case detail: vendor, architecture, device, description. */
  readonly detail: string
}

/** What a checkpoint file holds, for the person to see before anything is replaced. */
export interface CheckpointSummary {
  readonly fileName: string
  readonly bytes: number
  readonly method: string
  readonly step: number
  readonly epoch: number
  readonly seconds: number
  readonly parameters: number
  readonly adapter: string
  readonly savedAt: string
  readonly settings: SettingValues
  /** The charts that were saved with it. */
  readonly history: string
}

/** What a checkpoint is for: to be saved by the person, or to be kept by the page in case that the worker dies. */
export type CheckpointPurpose = 'save' | 'keep'

/** How far the preparation of a training step has come. */
export interface Compiling {
  /** Kernels are compiled, or variants of them are timed to find the fastest. */
  readonly stage: 'compiling' | 'tuning'
  readonly done: number
  readonly total: number
}

// ---- page to worker ----

export type Command =
  /** Opens the GPU, loads the images and builds a new run, paused. Replaces the present run if there is one. */
  | {
      readonly type: 'start'
      readonly runId: number
      readonly method: string
      readonly settings: SettingValues
    }
  /** Trains on; with `until`, no further than that many steps, and then pauses. */
  | { readonly type: 'train'; readonly runId: number; readonly until?: number }
  | { readonly type: 'pause'; readonly runId: number }
  /** One step, then pause. */
  | { readonly type: 'step'; readonly runId: number }
  /** Changes live settings; others are ignored until the next start. */
  | { readonly type: 'change'; readonly runId: number; readonly values: SettingValues }
  /** What to draw from now on. */
  | {
      readonly type: 'pictures'
      readonly runId: number
      readonly request: PictureRequest
      readonly perSecond: number
    }
  /**
   * Asks for a checkpoint; answered by `checkpoint`. `history` is stored with it. One to be kept is a little older
   * while training, and does not hold it up; any is, where the GPU has failed.
   */
  | {
      readonly type: 'export'
      readonly runId: number
      readonly purpose: CheckpointPurpose
      readonly history: string
    }
  /** Opens another GPU for a run that has stopped because its own failed; `train` and `step` do so, too. */
  | { readonly type: 'recover'; readonly runId: number }
  /** Measures what a training step costs; answered by `profile`. */
  | { readonly type: 'profile'; readonly runId: number }
  /**
   * Evaluates the run as it is now, beside training; answered by `evaluating` and `evaluated`. One of the same kind that
   * waits or is under way is replaced.
   */
  | { readonly type: 'evaluate'; readonly runId: number; readonly request: EvaluationRequest }
  /** Ends an evaluation that waits or is under way; answered by `evaluating` with null. */
  | { readonly type: 'cancel'; readonly runId: number; readonly kind: EvaluationKind }
  /** Asks for images; answered by `thumbnails`, without those that are not loaded. */
  | { readonly type: 'thumbnails'; readonly images: readonly ImageAddress[] }
  /** Reads a checkpoint file without touching the run; answered by `peeked` or `refused`. */
  | { readonly type: 'peek'; readonly fileName: string; readonly bytes: ArrayBuffer }
  /** Replaces the run by the file peeked last: a new run that goes on where it stopped, paused. */
  | { readonly type: 'accept'; readonly runId: number }
  /** CIFAR-10 files that the person dropped; answered by loading or `refused`. */
  | { readonly type: 'files'; readonly files: readonly File[] }
  /** Tries to load the images again after a failure. */
  | { readonly type: 'retry-data' }

// ---- worker to page ----

/** Rows of numbers by step: `columns` names them, `rows` is [row][column]. */
export interface MetricsBatch {
  /**
   * `step`, `epoch`, `seconds`, then the method's metrics, those of a teacher where there is one, `gradNorm`,
   * `learningRate`, `imagesPerSecond`.
   */
  readonly columns: readonly string[]
  readonly rows: readonly Float64Array[]
}

export type Event =
  | { readonly type: 'ready'; readonly adapter: AdapterSummary }
  | {
      readonly type: 'status'
      readonly runId: number
      readonly state: RunState
      readonly step: number
      /** Epochs done, with the fraction of the present one. */
      readonly epoch: number
      readonly imagesPerSecond: number
      /** Bytes of GPU memory really held. */
      readonly deviceBytes: number
      readonly parameters: number
      /** Images in memory, of which samples may be chosen. */
      readonly images: number
      /** Trains on, now or as soon as it has recovered. */
      readonly goesOn: boolean
    }
  | {
      readonly type: 'loading'
      readonly images: number
      readonly ofImages: number
      readonly bytes: number
      readonly ofBytes: number
      readonly secondsLeft: number | null
      readonly cached: boolean
    }
  /** Labels of the sample images, by the order of the request. */
  | {
      readonly type: 'labels'
      readonly samples: readonly number[]
      readonly labels: readonly number[]
    }
  | { readonly type: 'metrics'; readonly runId: number; readonly batch: MetricsBatch }
  /** The tables of the steps since the last such event; where the method has tables. */
  | { readonly type: 'tables'; readonly runId: number; readonly snapshot: TablesSnapshot }
  | {
      readonly type: 'picture'
      readonly runId: number
      readonly step: number
      readonly picture: Picture
    }
  /** A live change took effect with this step. */
  | {
      readonly type: 'changed'
      readonly runId: number
      readonly step: number
      readonly key: string
      readonly from: SettingValue
      readonly to: SettingValue
    }
  /** A step is being prepared; null when that is over. */
  | { readonly type: 'compiling'; readonly progress: Compiling | null }
  /** What a training step costs; null when none has been made yet. */
  | { readonly type: 'profile'; readonly runId: number; readonly profile: StepProfile | null }
  /** How far an evaluation has come; null when it is over, found or not. */
  | {
      readonly type: 'evaluating'
      readonly runId: number
      readonly kind: EvaluationKind
      readonly progress: EvaluationProgress | null
    }
  | {
      readonly type: 'evaluated'
      readonly runId: number
      readonly record: EvaluationRecord<EvaluationResult>
    }
  /** All results that the run has kept: after start, accept and recovery. */
  | {
      readonly type: 'evaluations'
      readonly runId: number
      readonly records: readonly EvaluationRecord[]
    }
  /** Images as RGBA bytes [image, 32, 32, 4], with their classes. */
  | {
      readonly type: 'thumbnails'
      readonly images: readonly ImageAddress[]
      readonly labels: readonly number[]
      readonly pixels: Uint8ClampedArray
    }
  /** The GPU was lost and another one has taken over: the run goes on from `step`. */
  | {
      readonly type: 'recovered'
      readonly runId: number
      readonly step: number
      /** Steps that were made after that one, and are made again while training. */
      readonly repeated: number
      /** The live changes up to that step; later ones are told again. */
      readonly changes: readonly {
        readonly step: number
        readonly key: string
        readonly from: SettingValue
        readonly to: SettingValue
      }[]
    }
  | {
      readonly type: 'checkpoint'
      readonly runId: number
      readonly purpose: CheckpointPurpose
      /** Steps that are in it. */
      readonly step: number
      readonly fileName: string
      readonly bytes: ArrayBuffer
    }
  | { readonly type: 'peeked'; readonly summary: CheckpointSummary }
  /** A file was not taken; nothing has changed. */
  | { readonly type: 'refused'; readonly fault: Fault }
  /** The run's settings as the worker has them, after start or accept (an accepted file brings its own). */
  | {
      readonly type: 'settings'
      readonly runId: number
      readonly method: string
      readonly values: SettingValues
    }
  /** Something went wrong; the run's state follows in a `status`. */
  | { readonly type: 'fault'; readonly fault: Fault }
