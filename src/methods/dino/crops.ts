import type { ParameterSource } from '../../engine/parameters.ts'
import { pathFactors } from '../../models/dropPath.ts'
import { resizedPositions } from '../../models/resizedPositions.ts'
import { shownOf } from '../dilemma/inputs.ts'
import { joined, joinedShown } from '../dilemma/joined.ts'
import type { StepBatch } from '../method.ts'
import { LOCAL_SIZE } from './config.ts'
import { GLOBAL_VIEWS } from './loss.ts'
import { backboneOf, type DinoConfig } from './network.ts'
import type { Crops } from './step.ts'

/** The global crops of a batch as the student sees them, and the local ones where there are any. */
export function cropsOf(
  config: DinoConfig,
  { views, inputs }: Pick<StepBatch, 'views' | 'inputs'>,
  parameters: ParameterSource,
): Crops[] {
  const images = views[0]!.shape[0]
  const { keptPaths, pathScales } = inputs
  const paths = keptPaths && pathFactors(keptPaths, pathScales!)
  const crops = (from: number, to: number): Crops => ({
    images: joined(views.slice(from, to)),
    shown: joinedShown(Array.from({ length: to - from }, (_, i) => shownOf(inputs, from + i))),
    pathFactors: paths?.slice([0, from * images], [-1, (to - from) * images]),
  })
  const globals = crops(0, GLOBAL_VIEWS)
  if (views.length === GLOBAL_VIEWS) return [globals]
  const positionTable = resizedPositions(
    config,
    backboneOf(parameters),
    LOCAL_SIZE / config.patchSize,
  )
  return [globals, { ...crops(GLOBAL_VIEWS, views.length), positionTable }]
}
