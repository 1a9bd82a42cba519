import type { Offered } from '../dilemma/representations.ts'

/** What MoCo-v3 offers to look at: the loss is on the class token, and its paper judges the teacher’s. */
export const offered: Offered = { teacher: true, layers: 'class' }
