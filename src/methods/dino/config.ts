import { keptCells, type CorruptorPlan } from '../dilemma/corruptor.ts'
import { corruptorPlanOf } from '../dilemma/plan.ts'
import { trunkConfig } from '../dilemma/trunk.ts'
import type { DinoConfig } from './network.ts'
import type { DinoSettings } from './settings.ts'

/** Side of a local crop in pixels: every size of patch divides it. */
export const LOCAL_SIZE = 16

/** The network that the settings describe. */
export const networkConfig = (settings: DinoSettings): DinoConfig => ({
  ...trunkConfig(settings, 'truncatedNormal'),
  headWidth: settings.headWidth,
  bottleneck: settings.bottleneck,
  prototypes: settings.prototypes,
  unitPrototypes: settings.unitPrototypes,
  prototypesFrom: settings.frozenLastLayer + 1,
})

/** What the student is shown of a global crop. */
export const globalPlan = (settings: DinoSettings): CorruptorPlan =>
  corruptorPlanOf(settings, settings.sparsity)

/** What the student is shown of a local crop: always true places. */
export function localPlan(settings: DinoSettings): CorruptorPlan {
  const { patchSize, sparseLocals, sparsity } = settings
  const grid = LOCAL_SIZE / Number(patchSize)
  const cells = grid * grid
  return {
    ...globalPlan(settings),
    grid,
    cells,
    kept: sparseLocals ? keptCells(cells, sparsity) : cells,
    detects: false,
    mismatch: 0,
  }
}
