import type { SettingValues } from '../../settings/rows.ts'
import type { SimclrSettings } from './settings.ts'

/** The loss of projections that tell nothing of their images, every other one being as likely: ln(2 N − 1). */
export const chanceLoss = ({ batchSize }: Pick<SimclrSettings, 'batchSize'>): number =>
  Math.log(2 * batchSize - 1)

/** That loss as a line to compare with. */
export const chance = (
  settings: SettingValues,
): { readonly label: string; readonly value: number } => ({
  label: 'Chance',
  value: chanceLoss(settings as SimclrSettings),
})
