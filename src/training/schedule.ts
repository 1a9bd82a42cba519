import { cosineBetween } from '../methods/cosine.ts'
import type { CommonSettings } from '../settings/common.ts'

/** The settings on which the learning rate depends. */
export type ScheduleSettings = Pick<
  CommonSettings,
  'learningRate' | 'finalLearningRate' | 'scheduleSteps' | 'warmupFraction'
>

/**
 * Learning rate of a step: linear warm-up from 0, then a cosine down to the final rate, which holds from there on
 * (spec section 6, the official "StepFix" cosine).
 * @param done steps done before this one
 */
export function learningRateAt(done: number, settings: ScheduleSettings): number {
  const { learningRate: peak, finalLearningRate: final, scheduleSteps, warmupFraction } = settings
  const warmup = Math.round(warmupFraction * scheduleSteps)
  if (done < warmup) return (peak * done) / warmup
  if (done >= scheduleSteps) return final
  return cosineBetween(peak, final, (done - warmup) / (scheduleSteps - warmup))
}
