import type { SettingValue } from '../../settings/rows.ts'
import type { Comparison } from '../description.ts'

type Variant = Comparison['variants'][number]

const variant = (label: string, values: Readonly<Record<string, SettingValue>>): Variant => ({
  label,
  values,
})

const percent = (share: number): string => `${Math.round(100 * share)} %`

/**
 * Experiments that a browser can repeat (spec section 10). The paper’s own tables over p, s and λ could not be read: these
 * are ours, and what they show is the playground’s own.
 */
export const comparisons: Readonly<Record<string, Comparison>> = {
  dilemma: {
    label: 'Host, sparse, DILEMMA',
    help: 'MoCo-v3 alone, with half of the student’s patches left out, and with false places to be found besides. The paper: 4.41 points more in the linear probe on ImageNet-1k for the same training time, so look at time: a sparse student takes more steps in it.',
    variants: [
      variant('MoCo-v3', { dilemma: false, sparsity: 0 }),
      variant('+ sparsity', { dilemma: false, sparsity: 0.5 }),
      variant('+ DILEMMA', { dilemma: true, sparsity: 0.5 }),
    ],
  },
  sparsity: {
    label: 'How sparse',
    help: 'DILEMMA with all patches, a half and a quarter of them. By the cost model a step takes 8, 5 and 3.5 passes of the teacher’s kind. The official README: larger models stand more.',
    variants: [0, 0.5, 0.75].map((sparsity) =>
      variant(percent(sparsity), { dilemma: true, sparsity }),
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
    help: 'What finding false places is worth against telling images apart. 0 leaves the false places in and learns nothing from them.',
    variants: [0, 0.3, 1, 3].map((dilemmaWeight) =>
      variant(`λ ${dilemmaWeight}`, { dilemma: true, dilemmaWeight }),
    ),
  },
  places: {
    label: 'Which false places',
    help: 'The place of a patch that is not shown (official), of one another, of any cell, of a neighbour. Cells that are missing or claimed twice give a false place away without a look at the patch; neighbours look alike. Our own.',
    variants: [
      variant('Dropped cells', { dilemma: true, claims: 'dropped' }),
      variant('Permute', { dilemma: true, claims: 'permute' }),
      variant('Any cell', { dilemma: true, claims: 'uniform' }),
      variant('Near cells', { dilemma: true, claims: 'near' }),
    ],
  },
  positions: {
    label: 'Positions, fixed or learned',
    help: 'Sines and cosines (MoCo-v3), or a table that is learned (the release of DILEMMA), which begins near nothing, so that false places cannot be seen at first, and can bend to make the task easier.',
    variants: [
      variant('Sines and cosines', { positions: 'sincos' }),
      variant('Learned', { positions: 'learned' }),
    ],
  },
  freeze: {
    label: 'Patch projection',
    help: 'Learned, or left at its random values, which the paper of MoCo-v3 found to be what keeps transformers from dips in training.',
    variants: [
      variant('Learned', { freezePatches: false }),
      variant('Frozen', { freezePatches: true }),
    ],
  },
}
