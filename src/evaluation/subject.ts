import type { DeviceImages } from '../data/deviceImages.ts'
import type { ImageSet } from '../data/images.ts'
import type { Engine } from '../engine/engine.ts'
import type { MethodDescription } from '../methods/description.ts'
import type { Method } from '../methods/method.ts'
import type { CommonSettings } from '../settings/common.ts'
import type { SettingValues } from '../settings/rows.ts'

/** Images with their classes, on the host and on the GPU. */
export interface LabelledImages {
  readonly host: ImageSet
  readonly device: DeviceImages
}

/** What is evaluated, and with which images. */
export interface Subject {
  readonly engine: Engine
  readonly description: MethodDescription
  readonly method: Method
  /** Full valid settings of the method, those of the evaluations included. */
  readonly settings: SettingValues
  readonly train: LabelledImages
  readonly test: LabelledImages
  /** Accuracies that do not change while a run goes on, by what they depend on. */
  readonly floors: Map<string, number>
}

/** Where a run stood when it was looked at: steps, epochs, seconds of training. */
export interface Moment {
  readonly step: number
  readonly epoch: number
  readonly seconds: number
}

/** The settings that every method has. */
export const commonSettings = ({ settings }: Pick<Subject, 'settings'>): CommonSettings =>
  settings as CommonSettings
