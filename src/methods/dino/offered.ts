import type { Offered } from '../dilemma/representations.ts'

/**
 * What DINO offers to look at: the loss is on the class token, and its paper judges the teacher’s; the linear probe reads
 * those of the last four blocks.
 */
export const offered: Offered = {
  teacher: true,
  layers: 'class',
  lastClasses: 4,
  recommended: { linear: 'lastClasses' },
}
