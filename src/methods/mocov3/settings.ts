import { commonTable } from '../../settings/common.ts'
import { integer, real, toggle, type ValuesOf } from '../../settings/rows.ts'
import { colourRows, filterRows } from '../colourRows.ts'
import { dilemmaRows, sparsityRow } from '../dilemma/rows.ts'
import { trunkRows } from '../dilemma/trunk.ts'

const losses = 'Loss'
const model = 'Model'

/** All settings of MoCo-v3: DILEMMA’s rows first, then its own and the common ones with the defaults of spec section 11.1. */
export const mocov3Table = {
  ...dilemmaRows,
  ...sparsityRow,
  ...colourRows,
  ...filterRows,
  temperature: real({
    label: 'Temperature',
    help: 'T divides the cosines before the softmax: a low one looks at the nearest wrong keys alone. The loss is multiplied by 2 T, so that its gradient keeps its size. Official: 0.2 in every recipe (the code’s own default is 1).',
    group: losses,
    default: 0.2,
    min: 0.02,
    max: 2,
    step: 0.01,
    effect: 'live',
    provenance: 'code',
  }),
  momentumStart: real({
    label: 'Teacher momentum',
    help: 'm at the first step; it rises to 1 along a cosine over the schedule, and the teacher then stands still. Official: 0.99. Short runs take 0.98 or 0.99.',
    group: losses,
    default: 0.99,
    min: 0,
    max: 1,
    step: 0.001,
    effect: 'live',
    provenance: 'code',
  }),
  ...trunkRows,
  projectorWidth: integer({
    label: 'Projector width',
    help: 'Hidden channels of the projector, three layers with batch norm on the class token in student and teacher. The official 4096 would cost more than the whole of a narrow transformer.',
    group: model,
    default: 512,
    min: 8,
    max: 4096,
    step: 8,
    scale: 'log',
    effect: 'restart',
    provenance: 'browser',
    advanced: true,
  }),
  projectionSize: integer({
    label: 'Projection size',
    help: 'Channels of queries and keys, which the loss compares. Official: 256.',
    group: model,
    default: 64,
    min: 4,
    max: 512,
    step: 4,
    scale: 'log',
    effect: 'restart',
    provenance: 'browser',
    advanced: true,
  }),
  predictorWidth: integer({
    label: 'Predictor width',
    help: 'Hidden channels of the predictor, two layers with batch norm that only the student has. Official: 4096.',
    group: model,
    default: 512,
    min: 8,
    max: 4096,
    step: 8,
    scale: 'log',
    effect: 'restart',
    provenance: 'browser',
    advanced: true,
  }),
  ...commonTable,
  batchSize: {
    ...commonTable.batchSize,
    help: 'Images a step: the keys of the others are what an image’s own is to be told from, and the heads’ batch norm takes its statistics from them; it wants at least 64. Official: 4096 for MoCo-v3, 1024 with DILEMMA.',
    default: 256,
    min: 2,
  },
  cropScaleMin: {
    ...commonTable.cropScaleMin,
    help: 'Random resized crop: smallest share of the image area that a crop may keep (the largest is 1; aspect ratio 3/4 to 4/3). 1 switches cropping off. Official: 0.08 of 224 pixels; of 32 pixels that leaves little.',
    default: 0.2,
    provenance: 'browser',
  },
  learningRate: {
    ...commonTable.learningRate,
    help: 'Peak learning rate of AdamW, after warm-up. The official rule (1.5e-4 × batch / 256) would be 1.5e-4 at batch 256, for 300 epochs; short runs take 5e-4 to 1.5e-3.',
    default: 1e-3,
  },
  finalLearningRate: { ...commonTable.finalLearningRate, default: 0 },
  scheduleSteps: {
    ...commonTable.scheduleSteps,
    help: 'Steps over which the learning rate warms up and then falls along a cosine, while the teacher’s momentum rises to 1; training may go on after it, at the final rate and with a teacher that stands still.',
    default: 5000,
  },
  warmupFraction: {
    ...commonTable.warmupFraction,
    help: 'Share of the schedule in which the learning rate rises linearly from 0. Official: 40 of 300 epochs.',
    default: 0.1,
  },
  weightDecay: {
    ...commonTable.weightDecay,
    help: 'Decoupled weight decay of AdamW. Official: 0.1.',
    default: 0.1,
  },
  decayAll: toggle({
    label: 'Decay everything',
    help: 'Weight decay on all that is trained, biases, norms and the class token too, as the official code does; off: on the weights of linear layers alone, as is the custom elsewhere.',
    group: 'Optimiser',
    default: true,
    effect: 'restart',
    provenance: 'code',
    advanced: true,
  }),
  clipNorm: { ...commonTable.clipNorm, default: 0 },
  probeEpochs: {
    ...commonTable.probeEpochs,
    help: 'Passes over the cached features of the training images. Official: 90, over augmented images.',
  },
  probeLearningRate: {
    ...commonTable.probeLearningRate,
    help: 'Peak learning rate of SGD with momentum 0.9; it falls to 0 along a cosine. Official: 3 × batch / 256 for transformers.',
  },
} as const

/** Values of all settings of MoCo-v3. */
export type Mocov3Settings = ValuesOf<typeof mocov3Table>
