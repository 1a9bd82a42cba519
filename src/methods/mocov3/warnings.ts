import { hasCollapsed, spreadOf } from '../../collapse.ts'
import type { MethodDescription } from '../description.ts'
import { frozenTeacher } from '../frozenTeacher.ts'
import { chanceLoss } from './chance.ts'
import type { Mocov3Settings } from './settings.ts'

/** Steps after which a loss at chance is no longer a matter of time, nor keys that are alike. */
const EARLY_STEPS = 500
/** Share of the loss of chance above which queries tell as good as nothing of their images. */
const AT_CHANCE = 0.98
/** Images below which the statistics of the heads’ batch norm are poor (spec section 11.1). */
const FEW_IMAGES = 64

type Warnings = NonNullable<MethodDescription['warnings']>
type Values = Parameters<Warnings>[0]

/** The failures of spec section 12 that a step’s own numbers and the settings show. */
export const warnings: Warnings = (values, settings, step) => {
  const moco = settings as Mocov3Settings
  const found = [frozenTeacher(moco, step)]
  if (step >= Math.max(EARLY_STEPS, moco.warmupFraction * moco.scheduleSteps))
    found.push(collapse(values, moco), atChance(values, moco))
  return found.filter((text) => text !== null)
}

function collapse({ keyDeviation }: Values, { projectionSize }: Mocov3Settings): string | null {
  if (keyDeviation === undefined) return null
  const spread = spreadOf(keyDeviation, projectionSize)
  return hasCollapsed(spread)
    ? `The teacher gives nearly the same key for every image: they spread ${Math.round(100 * spread)} % as far as they could. The network has collapsed. A lower learning rate, a longer warm-up or a frozen patch projection may help.`
    : null
}

function atChance({ loss, hostLoss = loss }: Values, settings: Mocov3Settings): string | null {
  const level = chanceLoss(settings)
  if (hostLoss === undefined || hostLoss < AT_CHANCE * level) return null
  const few =
    settings.batchSize < FEW_IMAGES
      ? ` The heads’ batch norm also wants more than ${settings.batchSize} images a step.`
      : ''
  return `The contrastive loss (${hostLoss.toFixed(2)}) is still at chance (${level.toFixed(2)}): queries do not find the keys of their images. A lower learning rate, a longer warm-up or a frozen patch projection may help.${few}`
}
