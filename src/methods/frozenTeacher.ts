import type { MomentumSettings } from './momentum.ts'

/**
 * Time constant 1 / (1 − m) of a teacher, as a share of the schedule, above which it hardly learns anything before the
 * end. The rule of thumb is 0.1 to 3 %.
 */
const SLOWEST_TEACHER = 0.1

/**
 * A warning of a teacher that hardly moves, in plain words; null while it does.
 * @param step steps done
 */
export function frozenTeacher(
  { momentumStart, scheduleSteps }: MomentumSettings,
  step: number,
): string | null {
  if (step >= scheduleSteps || (1 - momentumStart) * scheduleSteps * SLOWEST_TEACHER >= 1)
    return null
  const pace =
    momentumStart < 1
      ? `it takes ${Math.round(1 / (1 - momentumStart))} of ${scheduleSteps} steps to come near the student`
      : 'it never moves'
  return `The teacher is nearly frozen: with a momentum of ${momentumStart} ${pace}. A lower Teacher momentum or a longer schedule lets it learn.`
}
