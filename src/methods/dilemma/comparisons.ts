import type { SettingValue } from '../../settings/rows.ts'
import type { Comparison } from '../description.ts'

/** A run of a comparison. */
export const variant = (
  label: string,
  values: Readonly<Record<string, SettingValue>>,
): Comparison['variants'][number] => ({ label, values })

/** A share in words: "20 %". */
export const percent = (share: number): string => `${Math.round(100 * share)} %`

/**
 * The host alone, with fewer patches, and with DILEMMA, for the same time (spec section 10): a sparse student takes more
 * steps in it.
 * @param host its name
 * @param claim what the paper says of it: a sentence or two
 */
export const hostComparison = (host: string, claim: string): Comparison => ({
  label: 'Host, sparse, DILEMMA',
  help: `${host} alone, with half of the student’s patches left out, and with wrong places to be found besides, for the same time, in which a sparse student takes more steps. ${claim}`,
  budget: 'time',
  variants: [
    variant(host, { dilemma: false, sparsity: 0 }),
    variant('+ sparsity', { dilemma: false, sparsity: 0.5 }),
    variant('+ DILEMMA', { dilemma: true, sparsity: 0.5 }),
  ],
})

/**
 * Comparisons of the layer’s own settings, the same for every host. The paper’s tables over p and λ could not be read: what
 * these show is the playground’s own.
 */
export const layerComparisons = {
  mismatch: {
    label: 'How many wrong places',
    help: 'p from 10 to 50 %. The official README recommends 20 % in every case. Compare AUROC, not the entropy: its level moves with p.',
    variants: [0.1, 0.2, 0.3, 0.5].map((mismatch) =>
      variant(percent(mismatch), { dilemma: true, mismatch }),
    ),
  },
  weight: {
    label: 'Detection weight',
    help: 'What finding wrong places is worth beside the host’s own task. 0 leaves the wrong places in and learns nothing from them.',
    variants: [0, 0.3, 1, 3].map((dilemmaWeight) =>
      variant(`λ ${dilemmaWeight}`, { dilemma: true, dilemmaWeight }),
    ),
  },
  places: {
    label: 'Which wrong places',
    help: 'The place of a patch that is not shown (official), of one another, of any cell, of a neighbour. Cells that are missing or claimed twice give a wrong place away without a look at the patch; neighbours look alike. Our own.',
    variants: [
      variant('Dropped cells', { dilemma: true, claims: 'dropped' }),
      variant('Permute', { dilemma: true, claims: 'permute' }),
      variant('Any cell', { dilemma: true, claims: 'uniform' }),
      variant('Near cells', { dilemma: true, claims: 'near' }),
    ],
  },
  positions: {
    label: 'Positions, fixed or learned',
    help: 'Sines and cosines, or a table that is learned (the release of DILEMMA), which begins near nothing, so that wrong places cannot be seen at first, and can bend to make the task easier.',
    variants: [
      variant('Sines and cosines', { positions: 'sincos' }),
      variant('Learned', { positions: 'learned' }),
    ],
  },
} as const satisfies Readonly<Record<string, Comparison>>
