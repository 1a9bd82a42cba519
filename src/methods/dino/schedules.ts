import { cosineBetween } from '../cosine.ts'
import type { DinoSettings } from './settings.ts'

/**
 * Weight decay of a step, from its first value to its last along a cosine over the schedule.
 * @param done steps done before this one
 */
export const weightDecayAt = (
  {
    weightDecay,
    weightDecayEnd,
    scheduleSteps,
  }: Pick<DinoSettings, 'weightDecay' | 'weightDecayEnd' | 'scheduleSteps'>,
  done: number,
): number => cosineBetween(weightDecay, weightDecayEnd, done / scheduleSteps)

/**
 * The teacher's temperature at a step: in a straight line from its first value to its last in the steps of the warm-up.
 * @param done steps done before this one
 */
export function teacherTemperatureAt(
  {
    teacherTemperature,
    teacherTemperatureStart,
    teacherWarmup,
  }: Pick<DinoSettings, 'teacherTemperature' | 'teacherTemperatureStart' | 'teacherWarmup'>,
  done: number,
): number {
  if (done >= teacherWarmup) return teacherTemperature
  const share = done / teacherWarmup
  return teacherTemperatureStart + (teacherTemperature - teacherTemperatureStart) * share
}
