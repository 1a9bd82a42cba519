import type { Host } from '../dilemma/host.ts'
import { corruptorPlanOf } from '../dilemma/plan.ts'
import { teacherOf } from '../teacherOf.ts'
import { networkConfig } from './config.ts'
import { encoderOf } from './network.ts'
import type { Mocov3Settings } from './settings.ts'

/** MoCo-v3 as evaluations and pictures see it. */
export const host: Host<Mocov3Settings> = {
  plan: (settings) => corruptorPlanOf(settings, settings.sparsity),
  student: encoderOf,
  teacher: (parameters) => encoderOf(teacherOf(parameters)),
  config: networkConfig,
}
