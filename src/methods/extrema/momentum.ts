import type { ExtremaSettings } from './settings.ts'

/**
 * m of a step: 1 − (1 + cos(π · done / schedule)) / 2 · (1 − start), from `momentumStart` to 1 along a cosine (spec
 * section 5). It stays 1 after the schedule: the teacher then stands still.
 * @param done steps done before this one
 */
export function momentumAt(
  { momentumStart, scheduleSteps }: Pick<ExtremaSettings, 'momentumStart' | 'scheduleSteps'>,
  done: number,
): number {
  if (done >= scheduleSteps) return 1
  return 1 - 0.5 * (1 + Math.cos((Math.PI * done) / scheduleSteps)) * (1 - momentumStart)
}
