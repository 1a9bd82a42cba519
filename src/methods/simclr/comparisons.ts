import type { Comparison } from '../description.ts'
import { hostComparison, layerComparisons, percent, variant } from '../dilemma/comparisons.ts'

/** Experiments that a browser can repeat (spec section 10). */
export const comparisons: Readonly<Record<string, Comparison>> = {
  dilemma: hostComparison(
    'SimCLR',
    'The paper: half a point more in the linear probe on ImageNet-1k for the same training time, so expect next to nothing.',
  ),
  variants: {
    label: 'Both views or one',
    help: 'Wrong places in both views (S1), or in the first alone while the second is whole (S2), for the same time: with half of the patches dropped, S2 costs half as much again. Both are our own reading; the paper’s could not be obtained.',
    budget: 'time',
    variants: [
      variant('S1: both', { dilemma: true, denseView: false }),
      variant('S2: one', { dilemma: true, denseView: true }),
    ],
  },
  sparsity: {
    label: 'How sparse',
    help: 'DILEMMA with all patches, a half and a quarter of them, for the same time: by the cost model a step costs in proportion.',
    budget: 'time',
    variants: [0, 0.5, 0.75].map((sparsity) =>
      variant(percent(sparsity), { dilemma: true, sparsity, denseView: false }),
    ),
  },
  ...layerComparisons,
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
