import { commonTable } from '../../settings/common.ts'
import { choice, type ValuesOf } from '../../settings/rows.ts'
import { modelRows } from './modelRows.ts'
import { segmentRows } from './segmentRows.ts'
import { UNREAD } from './words.ts'

const losses = 'Loss'

/** No code of RandSAC was ever published: what other methods take from theirs fills a gap here. */
const shared = Object.fromEntries(
  Object.entries(commonTable).map(([key, row]) => [
    key,
    row.provenance === 'code' ? { ...row, provenance: 'gap' } : row,
  ]),
) as typeof commonTable

/** All settings of RandSAC: its own rows first, then the common ones with the defaults of spec section 6. */
export const randsacTable = {
  ...segmentRows,
  target: choice({
    label: 'Target',
    help: 'What is predicted of a patch. Normalised: its pixels less their mean, over their standard deviation, as in MAE and in the paper’s final models (Tables 7 and 8); a patch of one colour has hardly any, and its noise is blown up. Raw: its pixels. For Tables 1 to 6 the paper speaks of pixels and does not say whether they were normalised. Losses of the two cannot be compared.',
    group: losses,
    options: [
      { value: 'normalised', label: 'Normalised' },
      { value: 'raw', label: 'Raw pixels' },
    ],
    default: 'normalised',
    effect: 'recording',
    provenance: 'paper',
  }),
  maskMistake: choice({
    label: 'Mask mistake',
    help: 'For demonstration: a mistake in the masks that is easily made. Leak through the first segment: later patches may ask those of the first segment, which have nothing before them and so get to see the whole image; it takes two decoder blocks to show. Off by one: a patch sees the encodings of its own segment. Either lets the loss fall below what earlier segments can explain, and what is learned is worth less. The causality check on the page finds both.',
    group: losses,
    options: [
      { value: 'none', label: 'None' },
      { value: 'firstSegment', label: 'Leak through the first segment' },
      { value: 'offByOne', label: 'Off by one' },
    ],
    default: 'none',
    effect: 'recording',
    provenance: 'own',
    advanced: true,
  }),
  ...modelRows,
  ...shared,
  batchSize: {
    ...shared.batchSize,
    help: `Images a step; each has an order of its own. One browser GPU does well with 64 to 256. ${UNREAD}`,
    provenance: 'gap',
  },
  cropScaleMin: {
    ...shared.cropScaleMin,
    help: `Random resized crop: smallest share of the image area that a crop may keep (the largest is 1; aspect ratio 3/4 to 4/3). 1 switches cropping off. The paper speaks of minimal augmentation: crops and flips alone are our reading. ${UNREAD}`,
    default: 0.6,
  },
  learningRate: {
    ...shared.learningRate,
    help: `Peak learning rate of AdamW, after warm-up; for batches of 128. ${UNREAD}`,
    provenance: 'gap',
  },
  finalLearningRate: { ...shared.finalLearningRate, default: 0 },
  scheduleSteps: {
    ...shared.scheduleSteps,
    help: 'Steps over which the learning rate warms up and then falls along a cosine; training may go on after it at the final rate. The paper’s low-data runs (Table 7) take 1600 epochs: 625,000 steps of 128 images.',
    default: 10_000,
  },
  warmupFraction: { ...shared.warmupFraction, provenance: 'gap' },
  weightDecay: {
    ...shared.weightDecay,
    help: `Decoupled weight decay of AdamW; norms and biases are exempt. As in MAE, whose recipe the paper’s references suggest. ${UNREAD}`,
  },
  beta2: {
    ...shared.beta2,
    help: `Decay of the second moment in AdamW. As in MAE. ${UNREAD}`,
    default: 0.95,
  },
  clipNorm: { ...shared.clipNorm, default: 1 },
  probeEpochs: {
    ...shared.probeEpochs,
    help: 'Passes over the cached features of the training images. The paper’s linear probe takes 90 epochs.',
    default: 90,
    provenance: 'paper',
  },
  finetuneEpochs: {
    ...shared.finetuneEpochs,
    help: 'Passes over the labelled images. The paper fine-tunes for 100 epochs.',
  },
} as const

/** Values of all settings of RandSAC. */
export type RandsacSettings = ValuesOf<typeof randsacTable>
