import type { MethodDescription } from '../description.ts'
import { dilemmaWarnings } from '../dilemma/warnings.ts'
import { learnsNothing } from '../zeroPrediction.ts'
import type { MaeSettings } from './settings.ts'

/** The failures of spec section 12 that a step’s own numbers and the settings show. */
export const warnings: NonNullable<MethodDescription['warnings']> = (values, settings, step) => {
  const { loss, hostLoss = loss } = values
  const flat = learnsNothing(hostLoss, settings as MaeSettings, step)
  return [...(flat === null ? [] : [flat]), ...dilemmaWarnings(values, settings, step)]
}
