import type { Offered } from '../dilemma/representations.ts'

/** What SimCLR offers to look at: the encoder before the projector, which is thrown away. */
export const offered: Offered = { teacher: false, layers: 'class' }
