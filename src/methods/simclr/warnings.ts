import { hasCollapsed, spreadOf } from '../../collapse.ts'
import type { MethodDescription } from '../description.ts'
import { chanceLoss } from './chance.ts'
import type { SimclrSettings } from './settings.ts'

/** Steps after which a loss at chance is no longer a matter of time, nor projections that are alike. */
const EARLY_STEPS = 500
/** Share of the loss of chance above which projections tell as good as nothing of their images. */
const AT_CHANCE = 0.98
/** Images below which the statistics of the projector’s batch norm are poor (spec section 11.1). */
const FEW_IMAGES = 64

type Warnings = NonNullable<MethodDescription['warnings']>
type Values = Parameters<Warnings>[0]

/** The failures of spec section 12 that a step’s own numbers and the settings show. */
export const warnings: Warnings = (values, settings, step) => {
  const simclr = settings as SimclrSettings
  if (step < Math.max(EARLY_STEPS, simclr.warmupFraction * simclr.scheduleSteps)) return []
  return [collapse(values, simclr), atChance(values, simclr)].filter((text) => text !== null)
}

function collapse({ deviation }: Values, { projectionSize }: SimclrSettings): string | null {
  if (deviation === undefined) return null
  const spread = spreadOf(deviation, projectionSize)
  return hasCollapsed(spread)
    ? `Nearly every image gets the same projection: they spread ${Math.round(100 * spread)} % as far as they could. The network has collapsed. A lower learning rate, a longer warm-up or a frozen patch embedding may help.`
    : null
}

function atChance({ loss, hostLoss = loss }: Values, settings: SimclrSettings): string | null {
  const level = chanceLoss(settings)
  if (hostLoss === undefined || hostLoss < AT_CHANCE * level) return null
  const few =
    settings.batchSize < FEW_IMAGES
      ? ` The projector’s batch norm also wants more than ${settings.batchSize} images a step.`
      : ''
  return `The contrastive loss (${hostLoss.toFixed(2)}) is still at chance (${level.toFixed(2)}): the two views of an image do not find each other. A lower learning rate, a longer warm-up or a frozen patch embedding may help.${few}`
}
