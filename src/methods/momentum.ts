import type { CommonSettings } from '../settings/common.ts'
import { cosineBetween } from './cosine.ts'

/** The settings that a teacher's momentum follows. */
export interface MomentumSettings extends Pick<CommonSettings, 'scheduleSteps'> {
  /** m at the first step, in [0, 1]. */
  readonly momentumStart: number
}

/**
 * m of a step: 1 − (1 + cos(π · done / schedule)) / 2 · (1 − start), from `momentumStart` to 1 along a cosine: the
 * schedule of MoCo-v3, DINO and ExtreMA alike. It stays 1 after the schedule: the teacher then stands still.
 * @param done steps done before this one
 */
export const momentumAt = (
  { momentumStart, scheduleSteps }: MomentumSettings,
  done: number,
): number => cosineBetween(momentumStart, 1, done / scheduleSteps)
