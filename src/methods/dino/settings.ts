import { commonTable } from '../../settings/common.ts'
import { real, type ValuesOf } from '../../settings/rows.ts'
import { dilemmaRows, sparsityRow } from '../dilemma/rows.ts'
import { trunkRows } from '../dilemma/trunk.ts'
import { cropRows } from './cropRows.ts'
import { headRows } from './headRows.ts'
import { lossRows } from './lossRows.ts'

/** All settings of DINO: DILEMMA’s rows first, then its own and the common ones with the defaults of spec section 11.1. */
export const dinoTable = {
  ...dilemmaRows,
  ...sparsityRow,
  ...cropRows,
  ...lossRows,
  ...trunkRows,
  depth: { ...trunkRows.depth, default: 4 },
  ...headRows,
  ...commonTable,
  batchSize: {
    ...commonTable.batchSize,
    help: 'Images a step; each is cut into all its crops. Official: 1024 on 16 GPUs. There is no batch norm, so smaller ones do.',
  },
  cropScaleMin: {
    ...commonTable.cropScaleMin,
    help: 'Smallest share of the image area that a global crop may keep (the largest is 1; aspect ratio 3/4 to 4/3). Official: 0.4 beside local crops, 0.14 without them.',
    default: 0.4,
  },
  learningRate: {
    ...commonTable.learningRate,
    help: 'Peak learning rate of AdamW, after warm-up. The official rule (5e-4 × batch / 256) would be 2.5e-4 at batch 128, for 100 epochs and more; short runs take 1e-3.',
    default: 1e-3,
  },
  finalLearningRate: { ...commonTable.finalLearningRate, default: 1e-6 },
  scheduleSteps: {
    ...commonTable.scheduleSteps,
    help: 'Steps over which the learning rate warms up and then falls along a cosine, while weight decay and the teacher’s momentum rise; training may go on after it, at the final rate and with a teacher that stands still.',
    default: 5000,
  },
  warmupFraction: {
    ...commonTable.warmupFraction,
    help: 'Share of the schedule in which the learning rate rises linearly from 0. Official: 10 of 100 epochs.',
    default: 0.1,
  },
  weightDecay: {
    ...commonTable.weightDecay,
    label: 'First weight decay',
    help: 'Decoupled weight decay of AdamW at the first step; it goes to the last along a cosine over the schedule. Biases and norms are exempt; the class token and learned positions are not, as in the official code. Official: 0.04.',
    default: 0.04,
  },
  weightDecayEnd: real({
    label: 'Last weight decay',
    help: 'Weight decay at the end of the schedule. Official: 0.4, for larger networks and longer runs.',
    group: 'Optimiser',
    default: 0.2,
    min: 0,
    max: 1,
    step: 0.01,
    effect: 'live',
    provenance: 'browser',
  }),
  clipNorm: {
    ...commonTable.clipNorm,
    help: 'Largest norm of the gradient of every parameter, each on its own; longer ones are scaled down to it. 0 switches clipping off. Official: 3.',
    default: 3,
  },
  probeEpochs: {
    ...commonTable.probeEpochs,
    help: 'Passes over the cached features of the training images. Official: 100, over augmented images.',
  },
  probeLearningRate: {
    ...commonTable.probeLearningRate,
    help: 'Peak learning rate of SGD with momentum 0.9; it falls to 0 along a cosine. Official: 0.001 × batch / 256.',
  },
} as const

/** Values of all settings of DINO. */
export type DinoSettings = ValuesOf<typeof dinoTable>
