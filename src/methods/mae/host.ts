import type { Host } from '../dilemma/host.ts'
import { corruptorPlanOf } from '../dilemma/plan.ts'
import { networkConfig } from './config.ts'
import type { MaeSettings } from './settings.ts'

/** MAE as evaluations and pictures see it: its encoder, whose names have no prefix. */
export const host: Host<MaeSettings> = {
  plan: (settings) => corruptorPlanOf(settings, settings.maskRatio),
  student: (parameters) => parameters,
  config: networkConfig,
}
