import { IMAGE_SIZE } from '../../data/images.ts'
import { maskPlan, type MaskPlan } from './masking.ts'
import type { ExtremaSettings } from './settings.ts'

/** Patches of an image, L. */
export const tokensOf = ({ patchSize }: Pick<ExtremaSettings, 'patchSize'>): number =>
  (IMAGE_SIZE / Number(patchSize)) ** 2

/** The masks that the settings describe; they fit the image, whatever a live change asks for. */
export const maskPlanOf = (settings: ExtremaSettings): MaskPlan =>
  maskPlan(tokensOf(settings), settings.maskRatio, settings.maskCount, settings.maskKind)
