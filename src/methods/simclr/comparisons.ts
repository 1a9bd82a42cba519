import type { SettingValue } from '../../settings/rows.ts'
import type { Comparison } from '../description.ts'

type Variant = Comparison['variants'][number]

const variant = (label: string, values: Readonly<Record<string, SettingValue>>): Variant => ({
  label,
  values,
})

const percent = (share: number): string => `${Math.round(100 * share)} %`

/**
 * Experiments that a browser can repeat (spec section 10). The paper’s own tables could not be read: these are ours, and
 * what they show is the playground’s own.
 */
export const comparisons: Readonly<Record<string, Comparison>> = {
  dilemma: {
    label: 'Host, sparse, DILEMMA',
    help: 'SimCLR alone, with half of the patches left out, and with false places to be found besides, for the same time. The paper claims half a point for SimCLR (linear probe, ImageNet-1k): expect next to nothing.',
    budget: 'time',
    variants: [
      variant('SimCLR', { dilemma: false, sparsity: 0 }),
      variant('+ sparsity', { dilemma: false, sparsity: 0.5, denseView: false }),
      variant('+ DILEMMA', { dilemma: true, sparsity: 0.5, denseView: false }),
    ],
  },
  variants: {
    label: 'Both views or one',
    help: 'False places in both views (S1), or in the first alone while the second is whole (S2), for the same time: S2 costs half as much again. Both are our own reading; the paper’s could not be obtained.',
    budget: 'time',
    variants: [
      variant('S1: both', { dilemma: true, denseView: false }),
      variant('S2: one', { dilemma: true, denseView: true }),
    ],
  },
  sparsity: {
    label: 'How sparse',
    help: 'DILEMMA with all patches, a half and a quarter of them, for the same time: a step costs in proportion.',
    budget: 'time',
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
  temperature: {
    label: 'Temperature',
    help: 'Low temperatures look at the nearest wrong images alone. The official code takes 0.5 on CIFAR-10 and 0.1 on ImageNet.',
    variants: [0.1, 0.2, 0.5, 1].map((temperature) => variant(`T ${temperature}`, { temperature })),
  },
  colours: {
    label: 'Colours or none',
    help: 'Crops alone, or crops and random colours. In the SimCLR paper (Figure 5) crops with colours are by far the best pair: views of one image are else told by their colours.',
    variants: [
      variant('Crop only', { colourJitter: false }),
      variant('Crop + colour', { colourJitter: true }),
    ],
  },
}
