import type { SettingValues } from '../../settings/rows.ts'
import type { Mocov3Settings } from './settings.ts'

/**
 * The loss of queries that tell nothing of their images, every key being as likely: 2 · 2 T ln N, of two directions of 2 T
 * times the cross-entropy.
 */
export const chanceLoss = ({
  temperature,
  batchSize,
}: Pick<Mocov3Settings, 'temperature' | 'batchSize'>): number =>
  4 * temperature * Math.log(batchSize)

/** That loss as a line to compare with. */
export const chance = (
  settings: SettingValues,
): { readonly label: string; readonly value: number } => ({
  label: 'Chance',
  value: chanceLoss(settings as Mocov3Settings),
})
