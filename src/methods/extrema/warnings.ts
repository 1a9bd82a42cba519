import { hasCollapsed, spreadOf } from '../../collapse.ts'
import type { MethodDescription } from '../description.ts'
import { frozenTeacher } from '../frozenTeacher.ts'
import { maskPlanOf } from './config.ts'
import type { ExtremaSettings } from './settings.ts'

/**
 * Steps in which the loss may fall to nothing before there are features, while the targets hardly differ: an early dip
 * from which training recovers (spec section 12). Nothing that metrics say is held against a run before that, nor before
 * its warm-up is over.
 */
const EARLY_STEPS = 500
/** Mean cosine below which predictions hardly meet their targets: 2 − 2 cos is then near 1. */
const POOR_COSINE = 0.6
/** Deviation of the cosines over an image’s masks above which it depends on luck what a mask shows. */
const LARGE_SPREAD = 0.15
/** Visible patches below which an image is hardly to be recognised (spec section 11.1); for a single mask, which has no spread. */
const FEW_PATCHES = 6

const percent = (share: number): string => `${Math.round(100 * share)} %`

/** The failures of spec section 12 that a step’s own numbers and the settings show. */
export const warnings: NonNullable<MethodDescription['warnings']> = (values, settings, step) => {
  const extrema = settings as ExtremaSettings
  const found = [trivialTask(extrema), frozenTeacher(extrema, step)]
  if (step >= earlySteps(extrema))
    found.push(collapse(values, extrema), unidentifiableMasks(values, extrema))
  return found.filter((text) => text !== null)
}

const earlySteps = ({ warmupFraction, scheduleSteps }: ExtremaSettings): number =>
  Math.max(EARLY_STEPS, warmupFraction * scheduleSteps)

type Values = Parameters<NonNullable<MethodDescription['warnings']>>[0]

function collapse({ targetDeviation }: Values, { projectionSize }: ExtremaSettings): string | null {
  if (targetDeviation === undefined) return null
  const spread = spreadOf(targetDeviation, projectionSize)
  return hasCollapsed(spread)
    ? `The teacher gives nearly the same target for every image: they spread ${percent(spread)} as far as they could. The network has collapsed; a low loss means nothing now. A lower learning rate or a new run may help.`
    : null
}

function trivialTask({ maskRatio, views, colourJitter }: ExtremaSettings): string | null {
  const oneImage = views === 'one' || (views === 'sharedCrop' && !colourJitter)
  return maskRatio === 0 && oneImage
    ? 'Student and teacher see the same whole image, so the loss can fall to nothing without anything being learned. Hide some of it (Mask ratio), or give the two different views.'
    : null
}

function unidentifiableMasks(
  { cosine, cosineSpread }: Values,
  settings: ExtremaSettings,
): string | null {
  if (cosine === undefined || cosine >= POOR_COSINE) return null
  const { visible, tokens, count } = maskPlanOf(settings)
  const tooFew =
    count > 1 ? cosineSpread !== undefined && cosineSpread > LARGE_SPREAD : visible < FEW_PATCHES
  return tooFew
    ? `From ${visible} of ${tokens} patches the student can often not tell which image it sees: its predictions meet their targets badly (mean cosine ${cosine.toFixed(2)}), and how well depends on the mask. A lower mask ratio makes the task possible.`
    : null
}
