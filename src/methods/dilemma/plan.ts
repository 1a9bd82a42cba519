import { IMAGE_SIZE } from '../../data/images.ts'
import type { SettingValues } from '../../settings/rows.ts'
import { keptCells, type CorruptorPlan } from './corruptor.ts'
import type { DilemmaSettings } from './rows.ts'

/** The settings on which a plan rests; the size of a patch is that of the host's trunk. */
export type CorruptorSettings = DilemmaSettings & { readonly patchSize: string }

/**
 * What the settings have images shown.
 * @param dropRate share of the patches that are not shown: the sparsity s, or MAE's mask ratio
 */
export function corruptorPlanOf(settings: CorruptorSettings, dropRate: number): CorruptorPlan {
  const grid = IMAGE_SIZE / Number(settings.patchSize)
  const { dilemma, mismatch, claims, claimRadius } = settings
  return {
    cells: grid * grid,
    grid,
    kept: keptCells(grid * grid, dropRate),
    detects: dilemma,
    mismatch: dilemma ? mismatch : 0,
    claims,
    radius: claimRadius,
  }
}

/** The share of the patches that a host does not show its student: its mask ratio where it has one (MAE), else its sparsity. */
export const dropRateOf = (settings: SettingValues): number =>
  Number(settings.maskRatio ?? settings.sparsity)

/** The plan of any host from its settings alone. */
export const planOf = (settings: SettingValues): CorruptorPlan =>
  corruptorPlanOf(settings as unknown as CorruptorSettings, dropRateOf(settings))
