import type { Engine } from '../../../engine/engine.ts'
import { Parameters } from '../../../engine/parameters.ts'
import { livelySpecs } from '../../../models/testing/sources.ts'
import { vitParameters, type VitConfig } from '../../../models/vit.ts'
import { keptCells, type CorruptorPlan } from '../corruptor.ts'
import { detectorParameters } from '../head.ts'

/** A small transformer on images of 8 × 8 pixels: 16 patches. */
export const SMALL: VitConfig = {
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
}

/** What such images show: half of their patches, many of them in wrong places, but for `changes`. */
export const planWith = ({
  dropRate = 0.5,
  ...changes
}: Partial<CorruptorPlan> & { readonly dropRate?: number } = {}): CorruptorPlan => {
  const grid = changes.grid ?? 4
  return {
    cells: grid ** 2,
    grid,
    kept: keptCells(grid ** 2, dropRate),
    detects: true,
    mismatch: 0.4,
    claims: 'dropped',
    radius: 1,
    ...changes,
  }
}

/** Its parameters and the detector's; everything matters in them. */
export const livelyParameters = (engine: Engine, config: VitConfig, seed = 1): Parameters =>
  new Parameters(
    engine,
    livelySpecs([...vitParameters(config, seed), ...detectorParameters(config.width, seed)], seed),
  )
