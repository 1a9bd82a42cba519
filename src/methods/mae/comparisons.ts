import type { SettingValue } from '../../settings/rows.ts'
import type { Comparison } from '../description.ts'

type Variant = Comparison['variants'][number]

const variant = (label: string, values: Readonly<Record<string, SettingValue>>): Variant => ({
  label,
  values,
})

const percent = (share: number): string => `${Math.round(100 * share)} %`

/**
 * Experiments that a browser can repeat (spec sections 7.4 and 10). The paper’s own tables over p and λ could not be read:
 * unless they name a figure, these are ours.
 */
export const comparisons: Readonly<Record<string, Comparison>> = {
  dilemma: {
    label: 'MAE, MAE + DILEMMA',
    help: 'MAE alone, and with false places to be found. It is sparse in either case, and a step costs the same. The paper’s evidence for this pair is a gain in full fine-tuning on ImageNet-100, by how much could not be read: compare fine-tuning, not k-NN.',
    variants: [variant('MAE', { dilemma: false }), variant('+ DILEMMA', { dilemma: true })],
  },
  ratio: {
    label: 'How much is hidden',
    help: 'DILEMMA with 50, 75 and 90 % of the patches masked. MAE’s paper on ImageNet-1k: fine-tuning hardly minds from 40 to 80 %, the linear probe is best at 75 %. With fewer visible patches false places are harder to tell.',
    variants: [0.5, 0.75, 0.9].map((maskRatio) =>
      variant(percent(maskRatio), { dilemma: true, maskRatio }),
    ),
  },
  mismatch: {
    label: 'How many false places',
    help: 'p from 10 to 50 %. The official README recommends 20 % in every case. Compare AUROC, not the entropy: its level moves with p.',
    variants: [0.1, 0.2, 0.3, 0.5].map((mismatch) =>
      variant(percent(mismatch), { dilemma: true, mismatch }),
    ),
  },
  weight: {
    label: 'Detection weight',
    help: 'What finding false places is worth against painting. 0 leaves the false places in and learns nothing from them.',
    variants: [0, 0.1, 0.3, 1].map((dilemmaWeight) =>
      variant(`λ ${dilemmaWeight}`, { dilemma: true, dilemmaWeight }),
    ),
  },
  decoder: {
    label: 'What the decoder gets',
    help: 'All visible patches, or only those that claimed their true places. The others were encoded with a false place, from which the decoder would have to turn back. Our own.',
    variants: [
      variant('All', { dilemma: true, decoderInput: 'all' }),
      variant('In true places', { dilemma: true, decoderInput: 'honest' }),
    ],
  },
  places: {
    label: 'Which false places',
    help: 'The place of a masked patch, of one another, of any cell, of a neighbour. Cells that are missing or claimed twice give a false place away without a look at the patch; neighbours look alike. Our own.',
    variants: [
      variant('Dropped cells', { dilemma: true, claims: 'dropped' }),
      variant('Permute', { dilemma: true, claims: 'permute' }),
      variant('Any cell', { dilemma: true, claims: 'uniform' }),
      variant('Near cells', { dilemma: true, claims: 'near' }),
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
