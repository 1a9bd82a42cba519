import type { ParameterSource } from '../../engine/parameters.ts'
import type { VitConfig } from '../../models/vit.ts'
import type { SettingValues } from '../../settings/rows.ts'
import type { CorruptorPlan } from './corruptor.ts'

/** What evaluations and pictures need to know of a method that DILEMMA can be put on. */
export interface Host<S extends SettingValues = SettingValues> {
  /** What its student is shown of an image, as samples are drawn. */
  plan(settings: S): CorruptorPlan
  /** The student's backbone by the names of `vitParameters`, among all parameters. */
  student(parameters: ParameterSource): ParameterSource
  /** The teacher's backbone by the same names; absent where there is no teacher. */
  teacher?(parameters: ParameterSource): ParameterSource
  /** The backbone. */
  config(settings: S): VitConfig
}
