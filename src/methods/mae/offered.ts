import type { Offered } from '../dilemma/representations.ts'

/**
 * What MAE offers to look at. The loss reaches the patch tokens first, and the class token only through attention; the paper
 * probes the class token and fine-tunes the mean of the patch tokens.
 */
export const offered: Offered = {
  teacher: false,
  layers: 'tokens',
  recommended: { finetune: 'tokens' },
}
