import { trunkConfig } from '../dilemma/trunk.ts'
import type { MocoConfig } from './network.ts'
import type { Mocov3Settings } from './settings.ts'

/** The network that the settings describe. */
export const networkConfig = (settings: Mocov3Settings): MocoConfig => ({
  ...trunkConfig(settings),
  projectorWidth: settings.projectorWidth,
  projectionSize: settings.projectionSize,
  predictorWidth: settings.predictorWidth,
})
