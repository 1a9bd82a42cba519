import type { Host } from '../dilemma/host.ts'
import { teacherOf } from '../teacherOf.ts'
import { globalPlan, networkConfig } from './config.ts'
import { backboneOf } from './network.ts'
import type { DinoSettings } from './settings.ts'

/** DINO as evaluations and pictures see it. */
export const host: Host<DinoSettings> = {
  plan: globalPlan,
  student: backboneOf,
  teacher: (parameters) => backboneOf(teacherOf(parameters)),
  config: networkConfig,
}
