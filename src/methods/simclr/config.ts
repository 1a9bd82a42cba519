import { trunkConfig } from '../dilemma/trunk.ts'
import type { SimclrConfig } from './network.ts'
import type { SimclrSettings } from './settings.ts'

/** The network that the settings describe. */
export const networkConfig = (settings: SimclrSettings): SimclrConfig => ({
  ...trunkConfig(settings),
  projectionSize: settings.projectionSize,
})
