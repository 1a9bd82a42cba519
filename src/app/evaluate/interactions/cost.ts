import { forwardPasses } from '../../../evaluation/interactions/forwardPasses.ts'
import { formatNumber } from '../../../settings/format.ts'
import type { SettingValues } from '../../../settings/rows.ts'
import type { RecordOf } from '../../../store/evaluations.ts'
import { formatSeconds } from '../../format.ts'
import { finetuneCost } from '../finetuneCost.ts'

/** What measuring interactions is going to take. */
export interface InteractionCost {
  /** Masked images that all networks together classify. */
  readonly passes: number
  readonly networks: number
  /** Steps in which a network learns from labels; 0 where that is not wanted. */
  readonly steps: number
  /** About; null where it is not known how fast the run is. */
  readonly seconds: number | null
  /** From what another measurement took, and so with the training of probes; else from the pace of training, without it. */
  readonly isMeasured: boolean
}

/** How fast things went. */
export interface Pace {
  /** Of training; 0 when not known. */
  readonly imagesPerSecond: number
  /** The latest measurement of interactions; undefined before the first one. */
  readonly latest: RecordOf<'interactions'> | undefined
}

/** A step of training costs about three times a forward pass of the same images. */
const TRAINED = 3

/**
 * The cost of measuring interactions with these settings; null where they cannot be measured. It is taken from the time
 * that the latest measurement took, in proportion to its passes, else from the pace of training.
 * @param loaded training images that are loaded
 */
export function interactionCost(
  values: SettingValues,
  loaded: number,
  { imagesPerSecond, latest }: Pace,
): InteractionCost | null {
  const each = forwardPasses(values)
  if (each === null) return null
  const isSupervised = values.interactionSupervised === true
  const networks = isSupervised ? 3 : 2
  const passes = networks * each
  const training = isSupervised
    ? finetuneCost({ ...values, finetuneScratch: false }, loaded, imagesPerSecond)
    : { steps: 0, seconds: 0 }
  const measured = measuredPace(latest)
  const perSecond = measured ?? TRAINED * imagesPerSecond
  const seconds =
    perSecond > 0 && training.seconds !== null ? passes / perSecond + training.seconds : null
  return { passes, networks, steps: training.steps, seconds, isMeasured: measured !== null }
}

/** Passes a second of a measurement without learning from labels; null where there was none. */
function measuredPace(latest: RecordOf<'interactions'> | undefined): number | null {
  if (!latest || latest.settings.interactionSupervised === true || latest.took === 0) return null
  const each = forwardPasses(latest.settings)
  return each === null ? null : (latest.result.curves.length * each) / latest.took
}

/** Why interactions cannot be measured so. */
const TOO_MANY =
  'All pairs and contexts can be shown with 2 × 2 or 4 × 4 cells alone: take fewer cells, or a sample.'

/** The cost in a sentence. */
export function interactionCostText(cost: InteractionCost | null): string {
  if (cost === null) return TOO_MANY
  const { passes, networks, steps, seconds, isMeasured } = cost
  const learning = steps > 0 ? `, and ${formatNumber(steps)} steps of learning from labels` : ''
  const work = `${formatNumber(passes)} forward passes of ${networks} networks${learning}`
  const pace = isMeasured
    ? 'the pace of the last time'
    : 'the run’s pace, training of the probes apart'
  return seconds === null ? `${work}.` : `${work}: about ${formatSeconds(seconds)} at ${pace}.`
}
