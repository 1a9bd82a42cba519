import type { Comparison } from '../description.ts'
import { layerComparisons, percent, variant } from '../dilemma/comparisons.ts'

/**
 * Experiments that a browser can repeat (spec sections 7.4 and 10). The paper’s own tables over p and λ could not be read:
 * unless they name a figure, these are ours.
 */
export const comparisons: Readonly<Record<string, Comparison>> = {
  dilemma: {
    label: 'MAE, MAE + DILEMMA',
    help: 'MAE alone, and with wrong places to be found. It is sparse in either case, and a step costs the same. The paper’s evidence for this pair is a gain in full fine-tuning on ImageNet-100, by how much could not be read: compare fine-tuning, not k-NN.',
    variants: [variant('MAE', { dilemma: false }), variant('+ DILEMMA', { dilemma: true })],
  },
  ratio: {
    label: 'How much is hidden',
    help: 'DILEMMA with 50, 75 and 90 % of the patches masked. MAE’s paper on ImageNet-1k: fine-tuning hardly minds from 40 to 80 %, the linear probe is best at 75 %. With fewer visible patches wrong places are harder to tell.',
    variants: [0.5, 0.75, 0.9].map((maskRatio) =>
      variant(percent(maskRatio), { dilemma: true, maskRatio }),
    ),
  },
  ...layerComparisons,
  weight: {
    ...layerComparisons.weight,
    variants: [0, 0.1, 0.3, 1].map((dilemmaWeight) =>
      variant(`λ ${dilemmaWeight}`, { dilemma: true, dilemmaWeight }),
    ),
  },
  decoder: {
    label: 'What the decoder gets',
    help: 'All visible patches, or only those that claimed their true places. The others were encoded with a wrong place, from which the decoder would have to turn back. Our own.',
    variants: [
      variant('All', { dilemma: true, decoderInput: 'all' }),
      variant('In true places', { dilemma: true, decoderInput: 'honest' }),
    ],
  },
  target: {
    label: 'Normalised or raw patches',
    help: 'What MAE alone is to paint. The paper, fine-tuned on ImageNet-1k: 85.4 and 84.9. The losses cannot be compared.',
    variants: [
      variant('Normalised', { dilemma: false, target: 'normalised' }),
      variant('Raw', { dilemma: false, target: 'raw' }),
    ],
  },
}
