import type { Comparison } from '../description.ts'
import { hostComparison, layerComparisons, percent, variant } from '../dilemma/comparisons.ts'

/** Experiments that a browser can repeat (spec section 10). */
export const comparisons: Readonly<Record<string, Comparison>> = {
  dilemma: hostComparison(
    'MoCo-v3',
    'The paper: 4.41 points more in the linear probe on ImageNet-1k for the same training time.',
  ),
  sparsity: {
    label: 'How sparse',
    help: 'DILEMMA with all patches, a half and a quarter of them, for the same time: by the cost model a step takes 8, 5 and 3.5 passes of the teacher’s kind. The official README: larger models stand more.',
    budget: 'time',
    variants: [0, 0.5, 0.75].map((sparsity) =>
      variant(percent(sparsity), { dilemma: true, sparsity }),
    ),
  },
  ...layerComparisons,
  freeze: {
    label: 'Patch projection',
    help: 'Learned, or left at its random values, which the paper of MoCo-v3 found to keep transformers from dips in training.',
    variants: [
      variant('Learned', { freezePatches: false }),
      variant('Frozen', { freezePatches: true }),
    ],
  },
  decay: {
    label: 'What decays',
    help: 'Everything that is trained, as in the official code, or the weights of linear layers alone.',
    variants: [
      variant('Everything', { decayAll: true }),
      variant('Weights alone', { decayAll: false }),
    ],
  },
}
