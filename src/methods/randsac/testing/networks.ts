import type { Engine } from '../../../engine/engine.ts'
import { Parameters, type ParameterSpec } from '../../../engine/parameters.ts'
import type { Weights } from '../../../models/testing/reference.ts'
import { livelySpecs } from '../../../models/testing/sources.ts'
import { networkParameters, type RandsacConfig } from '../network.ts'

/** A small network on images of 8 × 8 pixels: 16 patches of 2 × 2. */
export const SMALL: RandsacConfig = {
  imageSize: 8,
  patchSize: 2,
  width: 12,
  depth: 3,
  heads: 3,
  mlpWidth: 20,
  layerNormEpsilon: 1e-5,
  finalNorm: false,
  classToken: false,
  positions: 'sincos',
  relativePositions: false,
  layerScale: 0,
  initialisation: 'xavier',
  decoderDepth: 2,
  skip: true,
  skipInitialisation: 'uniform',
  memoryNorm: true,
  headInitialisation: 'xavier',
  mistake: 'none',
}

/** Four segments of 2 × 2 patches (spec section 12.1). */
export const SQUARES = [1, 1, 3, 3, 1, 1, 3, 3, 0, 0, 2, 2, 0, 0, 2, 2]

/** Five segments of sizes 2, 5, 1, 4 and 4. */
export const RAGGED = [1, 1, 1, 4, 1, 0, 2, 4, 1, 0, 3, 4, 3, 3, 3, 4]

const livelySpecsOf = (config: RandsacConfig): ParameterSpec[] =>
  livelySpecs(networkParameters(config, 1))

/** Parameters of a network in which everything matters. */
export const livelyParameters = (engine: Engine, config: RandsacConfig = SMALL): Parameters =>
  new Parameters(engine, livelySpecsOf(config))

/** The same in float64. */
export const livelyWeights = (config: RandsacConfig = SMALL): Weights =>
  new Map(livelySpecsOf(config).map(({ name, initial }) => [name, Float64Array.from(initial())]))
