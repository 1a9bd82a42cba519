import type { ParameterSource } from '../../../engine/parameters.ts'
import { prefixed } from '../../../models/prefixed.ts'
import { defaultsOf, type ValuesOf } from '../../../settings/rows.ts'
import type { Host } from '../host.ts'
import { corruptorPlanOf } from '../plan.ts'
import { dilemmaRows, sparsityRow } from '../rows.ts'
import { trunkConfig, trunkRows } from '../trunk.ts'

/** The settings that any host has. */
export const toyTable = { ...dilemmaRows, ...sparsityRow, ...trunkRows }

export type ToySettings = ValuesOf<typeof toyTable> & { readonly seed: number }

/** A small transformer on an image of 4 × 4 patches. */
export const toySettings = (changes: Partial<ToySettings> = {}): ToySettings => ({
  ...defaultsOf(toyTable),
  seed: 1,
  patchSize: '8',
  width: 12,
  depth: 3,
  heads: 3,
  mlpRatio: 2,
  ...changes,
})

/** What the names of its backbone begin with. */
export const BACKBONE = 'net.'

const backboneOf = (parameters: ParameterSource): ParameterSource => prefixed(parameters, BACKBONE)

/** A host without heads and loss. */
export const toyHost: Host<ToySettings> = {
  plan: (settings) => corruptorPlanOf(settings, settings.sparsity),
  student: backboneOf,
  config: (settings) => trunkConfig(settings),
}

/** The same with a teacher. */
export const taughtHost: Host<ToySettings> = {
  ...toyHost,
  teacher: (parameters) => backboneOf(parameters.teacher!),
}
