import type { Host } from '../dilemma/host.ts'
import { corruptorPlanOf } from '../dilemma/plan.ts'
import { networkConfig } from './config.ts'
import { encoderOf } from './network.ts'
import type { SimclrSettings } from './settings.ts'

/** SimCLR as evaluations and pictures see it. */
export const host: Host<SimclrSettings> = {
  plan: (settings) => corruptorPlanOf(settings, settings.sparsity),
  student: encoderOf,
  config: networkConfig,
}
