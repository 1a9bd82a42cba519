import type { MetricDescription } from './description.ts'

/** Steps after which a loss that is no better than predicting nothing is no longer a matter of time. */
const EARLY_STEPS = 500

/** What is to be predicted of patches (see `patchTargets`), as settings say it. */
export interface TargetSettings {
  readonly target: 'normalised' | 'raw'
  readonly patchSize: string
}

type Reference = ReturnType<NonNullable<MetricDescription['reference']>>

/**
 * What predicting zero costs with normalised targets: their variance is unbiased, so its mean over the n numbers of a patch is
 * (n − 1) / n. Of raw pixels no such number is known.
 */
export function zeroPrediction({ target, patchSize }: TargetSettings): Reference {
  return target === 'raw'
    ? null
    : { label: 'Zero prediction', value: 1 - 1 / (3 * Number(patchSize) ** 2) }
}

/**
 * Says that patches are predicted no better than by zero everywhere, once a run has warmed up; null while they are, or where
 * nothing is known.
 * @param loss mean squared error of predicted patches
 * @param step steps done
 */
export function learnsNothing(
  loss: number | undefined,
  settings: TargetSettings & { readonly warmupFraction: number; readonly scheduleSteps: number },
  step: number,
): string | null {
  const { warmupFraction, scheduleSteps } = settings
  const reference = zeroPrediction(settings)
  if (reference === null || loss === undefined) return null
  if (step < Math.max(EARLY_STEPS, warmupFraction * scheduleSteps)) return null
  return loss >= reference.value
    ? `After ${step} steps the predictions are no better than none (${reference.value.toFixed(3)} for zero everywhere). A lower learning rate or a new run may help.`
    : null
}
