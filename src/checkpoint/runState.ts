import type { SettingValue, SettingValues } from '../settings/rows.ts'

/** A float32 tensor on the host. */
export interface HostTensor {
  readonly shape: readonly number[]
  readonly data: Float32Array
}

/** A live change of a setting in the course of a run. */
export interface SettingChange {
  /** The first step that ran with the new value. */
  readonly step: number
  readonly key: string
  readonly from: SettingValue
  readonly to: SettingValue
}

/** Everything that a run is: with it, training goes on bit for bit. */
export interface RunState {
  readonly method: string
  readonly settings: SettingValues
  /** Steps done. */
  readonly step: number
  /** Where in the data the next batch begins. */
  readonly cursor: { readonly epoch: number; readonly offset: number }
  /** Seconds of training so far. */
  readonly seconds: number
  readonly changes: readonly SettingChange[]
  /** Model parameters by name. */
  readonly parameters: ReadonlyMap<string, HostTensor>
  /** AdamW's first and second moments, by the same names. */
  readonly firstMoments: ReadonlyMap<string, HostTensor>
  readonly secondMoments: ReadonlyMap<string, HostTensor>
  /** The teacher's parameters, by the names of those that it averages; empty where there is no teacher. */
  readonly teacher: ReadonlyMap<string, HostTensor>
  /** The adapter on which it was trained, in words. */
  readonly adapter: string
  /** The page's charts, as opaque JSON; empty when there are none. */
  readonly history: string
  /** Results of evaluations (`EvaluationRecord[]`), as opaque JSON; empty when there are none. */
  readonly evaluations: string
}
