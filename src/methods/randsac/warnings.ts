import type { MethodDescription } from '../description.ts'
import { learnsNothing, zeroPrediction } from '../zeroPrediction.ts'
import type { RandsacSettings } from './settings.ts'

/**
 * Share of the loss of predicting zero below which earlier segments alone can hardly explain it. Texture cannot be foretold:
 * a sound run stays far above.
 */
const TOO_GOOD = 0.25

/** The failures of spec section 10 that a step’s own numbers and the settings show. */
export const warnings: NonNullable<MethodDescription['warnings']> = (values, settings, step) => {
  const randsac = settings as RandsacSettings
  return [
    mistake(values.loss, randsac),
    sharedOrder(randsac),
    learnsNothing(values.loss, randsac, step),
  ].filter((text) => text !== null)
}

const LEAKS: Readonly<Record<RandsacSettings['maskMistake'], string | null>> = {
  none: null,
  firstSegment: 'later patches hear from the first segment, which sees the whole image',
  offByOne: 'every patch sees the encodings of its own segment',
}

function mistake(loss: number | undefined, settings: RandsacSettings): string | null {
  const leak = LEAKS[settings.maskMistake]
  if (leak === null) return null
  const reference = zeroPrediction(settings)
  const proof =
    reference !== null && loss !== undefined && loss < TOO_GOOD * reference.value
      ? ` The loss (${loss.toFixed(2)}) is far below what earlier segments can explain.`
      : ''
  return `A mask mistake is on: ${leak}. The loss says nothing about what is learned.${proof}`
}

const sharedOrder = ({ orderScope }: RandsacSettings): string | null =>
  orderScope === 'batch'
    ? 'All images of a step share one order (Drawn for: Whole batch), so a step shows far fewer kinds of task. The paper draws an order for every image.'
    : null
