import { trunkConfig } from '../dilemma/trunk.ts'
import type { MaeConfig } from './network.ts'
import type { MaeSettings } from './settings.ts'

/** The network that the settings describe. */
export const networkConfig = (settings: MaeSettings): MaeConfig => ({
  ...trunkConfig(settings),
  decoder: {
    width: settings.decoderWidth,
    depth: settings.decoderDepth,
    heads: settings.decoderHeads,
    mlpWidth: Math.round(settings.mlpRatio * settings.decoderWidth),
  },
})
