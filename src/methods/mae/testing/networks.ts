import type { Engine } from '../../../engine/engine.ts'
import { Parameters } from '../../../engine/parameters.ts'
import { livelySpecs } from '../../../models/testing/sources.ts'
import { networkParameters, type MaeConfig } from '../network.ts'

/** A small network on images of 8 × 8 pixels: 16 patches of 2 × 2, and a decoder of another width. */
export const SMALL: MaeConfig = {
  imageSize: 8,
  patchSize: 2,
  width: 12,
  depth: 2,
  heads: 3,
  mlpWidth: 20,
  layerNormEpsilon: 1e-6,
  finalNorm: true,
  classToken: true,
  positions: 'sincos',
  relativePositions: false,
  layerScale: 0,
  initialisation: 'xavier',
  decoder: { width: 8, depth: 1, heads: 2, mlpWidth: 16 },
}

/** Parameters of a network in which everything matters. */
export const livelyParameters = (engine: Engine, config: MaeConfig = SMALL): Parameters =>
  new Parameters(engine, livelySpecs(networkParameters(config, 1)))
