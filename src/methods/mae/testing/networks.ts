import type { Engine } from '../../../engine/engine.ts'
import { Parameters, type ParameterSpec } from '../../../engine/parameters.ts'
import { livelySpecs } from '../../../models/testing/sources.ts'
import { vitParameters } from '../../../models/vit.ts'
import { detectorParameters } from '../../dilemma/head.ts'
import { SMALL as backbone } from '../../dilemma/testing/networks.ts'
import { decoderParameters, type MaeConfig } from '../network.ts'

/** A small network on images of 8 × 8 pixels: 16 patches of 2 × 2, and a decoder of another width. */
export const SMALL: MaeConfig = {
  ...backbone,
  decoder: { width: 8, depth: 1, heads: 2, mlpWidth: 16 },
}

/** Parameters of encoder, decoder and detector. */
export const allParameters = (config: MaeConfig, seed: number): ParameterSpec[] => [
  ...vitParameters(config, seed),
  ...decoderParameters(config, seed),
  ...detectorParameters(config.width, seed),
]

/** Parameters of a network in which everything matters. */
export const livelyParameters = (engine: Engine, config: MaeConfig = SMALL): Parameters =>
  new Parameters(engine, livelySpecs(allParameters(config, 1)))
