import { expect } from 'vitest'
import type { Engine } from '../../../engine/engine.ts'
import { Parameters, type ParameterSource } from '../../../engine/parameters.ts'
import { livelySpecs } from '../../../models/testing/sources.ts'
import { networkParameters, type ExtremaConfig } from '../network.ts'

/** A small network on images of 16 × 16 pixels: 16 patches. */
export const SMALL: ExtremaConfig = {
  imageSize: 16,
  patchSize: 4,
  width: 12,
  depth: 2,
  heads: 3,
  mlpWidth: 20,
  layerNormEpsilon: 1e-6,
  finalNorm: true,
  classToken: false,
  positions: 'sincos',
  relativePositions: false,
  layerScale: 0,
  initialisation: 'xavier',
  classBlocks: 2,
  classLayerScale: 0.1,
  projectorWidth: 10,
  projectionSize: 6,
  predictorWidth: 8,
}

/**
 * Parameters of a network in which everything matters: the initial values, moved by noise.
 * @param fixed values of the parameters whose names end so
 */
export function livelyParameters(
  engine: Engine,
  config: ExtremaConfig,
  fixed: Readonly<Record<string, number>> = {},
  seed = 1,
): Parameters {
  return new Parameters(
    engine,
    livelySpecs(networkParameters(config, seed), seed).map((spec) => {
      const found = Object.entries(fixed).find(([ending]) => spec.name.endsWith(ending))
      return found ? { ...spec, initial: () => spec.initial().fill(found[1]) } : spec
    }),
  )
}

/** The same parameters, but for one that is another tensor. */
export const withOther = (
  source: ParameterSource,
  name: string,
  other: ReturnType<ParameterSource['get']>,
): ParameterSource => {
  expect(source.has(name)).toBe(true)
  return {
    ...source,
    get: (key) => (key === name ? other : source.get(key)),
    has: (key) => source.has(key),
  }
}
