import type { SettingValues } from '../settings/rows.ts'
import type { Snapshot } from './snapshots.ts'

/** Something that drives the run in the person's place. What the person does to the run is told to it, or asked first. */
export interface Driver {
  /** The person presses Pause. */
  readonly pause: () => void
  /** The person presses Train. */
  readonly goOn: () => void
  /** The person takes over: the driver lets go of the run as it stands. */
  readonly yield: () => void
}

/** Who drives, for the page. */
export interface Driving {
  /** "Mask ratios", in quotes on the page. */
  readonly name: string
  /** "run 2 of 4: 80 %" */
  readonly what: string
  readonly paused: boolean
}

/** The run in a driver's hands. */
export interface Reins {
  /** Says on the page what is going on. */
  readonly tell: (driving: Driving) => void
  /** Begins a run with these full valid settings, paused; the form shows them. */
  readonly start: (method: string, values: SettingValues) => void
  /** Trains no further than `until` steps. */
  readonly train: (until: number) => void
  readonly pause: () => void
  /** Sets live settings of the run, as a person does in the form. */
  readonly change: (values: SettingValues) => void
  /** Asks for a checkpoint of the run, which `kept` gives once it has come. */
  readonly keep: () => void
  /** The latest checkpoint of the run; null when there is none. */
  readonly kept: () => Snapshot | null
  /**
   * Replaces the run by a checkpoint, paused, without touching the form. Resolves with false when it could not be
   * read, or the worker died over it: then another run has begun, or the page says what is wrong.
   */
  readonly putBack: (snapshot: Snapshot, savedStep: number) => Promise<boolean>
  /** Gives the run back to the person, as it stands. */
  readonly letGo: () => void
}
