import { commonTable } from '../../settings/common.ts'
import { integer, real, toggle, type ValuesOf } from '../../settings/rows.ts'
import { colourRows, filterRows } from '../colourRows.ts'
import { dilemmaRows, sparsityRow } from '../dilemma/rows.ts'
import { trunkRows } from '../dilemma/trunk.ts'

const { blurSigma } = filterRows

/** All settings of SimCLR: DILEMMA’s rows first, then its own and the common ones with the defaults of spec section 11.1. */
export const simclrTable = {
  ...dilemmaRows,
  ...sparsityRow,
  denseView: toggle({
    label: 'Second view whole',
    help: 'Off (variant S1): both views are sparse and have wrong places. On (S2): the second is whole and in its true places, which keeps a dense side as MoCo-v3 has in its teacher; dearer, since gradients flow through both. How the authors put DILEMMA on SimCLR could not be read: both variants are our own design.',
    group: dilemmaRows.dilemma.group,
    default: false,
    effect: 'recording',
    provenance: 'gap',
  }),
  ...colourRows,
  saturation: {
    ...colourRows.saturation,
    help: 'The saturation is multiplied by a random factor between 1 − s and 1 + s. Official on CIFAR-10: 0.4, half of ImageNet’s 0.8, as all four strengths are halved.',
    default: 0.4,
  },
  filters: {
    ...filterRows.filters,
    label: 'Blur',
    help: 'Blurs some views. Off by default, as in the official setting for CIFAR-10.',
    provenance: 'code',
  },
  blurProbability: real({
    label: 'Blur probability',
    help: 'Probability that a view is blurred. Official on ImageNet: 0.5.',
    group: filterRows.filters.group,
    default: 0.5,
    min: 0,
    max: 1,
    step: 0.05,
    effect: 'live',
    provenance: 'code',
    when: { key: 'filters', is: [true] },
    advanced: true,
  }),
  blurSigma,
  temperature: real({
    label: 'Temperature',
    help: 'T divides the cosines before the softmax: a low one looks at the nearest wrong images alone. Official: 0.5 on CIFAR-10, 0.1 on ImageNet.',
    group: 'Loss',
    default: 0.5,
    min: 0.02,
    max: 2,
    step: 0.01,
    effect: 'live',
    provenance: 'code',
  }),
  ...trunkRows,
  projectionSize: integer({
    label: 'Projection size',
    help: 'Channels of the vectors that the loss compares, behind three layers of the width of a token, each with batch norm. Official: 128.',
    group: trunkRows.width.group,
    default: 64,
    min: 4,
    max: 512,
    step: 4,
    scale: 'log',
    effect: 'restart',
    provenance: 'browser',
    advanced: true,
  }),
  ...commonTable,
  batchSize: {
    ...commonTable.batchSize,
    help: 'N images a step, 2 N views: all other views are what an image’s own is to be told from, and the projector’s batch norm takes its statistics from all of them; it wants at least 64 images. Official: 512 on CIFAR-10, 4096 on ImageNet.',
    default: 256,
    min: 2,
  },
  cropScaleMin: {
    ...commonTable.cropScaleMin,
    help: 'Random resized crop: smallest share of the image area that a crop may keep (the largest is 1; aspect ratio 3/4 to 4/3). 1 switches cropping off. Official, on CIFAR-10 too: 0.08; 0.2 keeps more patches of 4 pixels to be recognised.',
    default: 0.2,
    provenance: 'browser',
  },
  learningRate: {
    ...commonTable.learningRate,
    help: 'Peak learning rate of AdamW, after warm-up. The official code trains with LARS (1.0 on CIFAR-10 at batch 512), whose rates mean nothing to AdamW.',
    default: 1e-3,
  },
  finalLearningRate: { ...commonTable.finalLearningRate, default: 0 },
  scheduleSteps: { ...commonTable.scheduleSteps, default: 5000 },
  warmupFraction: {
    ...commonTable.warmupFraction,
    help: 'Share of the schedule in which the learning rate rises linearly from 0. Official: 10 epochs.',
    default: 0.1,
  },
  weightDecay: {
    ...commonTable.weightDecay,
    help: 'Decoupled weight decay of AdamW; norms, biases and the class token are exempt. Official: 1e-4 of LARS, which is another thing.',
    default: 0.05,
    provenance: 'browser',
  },
  clipNorm: { ...commonTable.clipNorm, default: 0 },
} as const

/** Values of all settings of SimCLR. */
export type SimclrSettings = ValuesOf<typeof simclrTable>
