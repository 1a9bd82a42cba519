import { commonTable } from '../../settings/common.ts'
import { choice, integer, real, type ValuesOf } from '../../settings/rows.ts'
import { dilemmaRows } from '../dilemma/rows.ts'
import { trunkRows } from '../dilemma/trunk.ts'

const masking = 'Masking'
const losses = 'Loss'
const model = 'Model'

/** All settings of MAE: its mask, DILEMMA’s rows, its own and the common ones with the defaults of spec section 11.1. */
export const maeTable = {
  maskRatio: real({
    label: 'Mask ratio',
    help: 'Share of the patches that are hidden and painted; the encoder sees floor(patches × (1 − ratio)) of them, at least one. Official: 75 %, which leaves 16 of 64. It is also how sparse DILEMMA’s input is.',
    group: masking,
    default: 0.75,
    min: 0.1,
    max: 0.95,
    step: 0.01,
    effect: 'live',
    provenance: 'code',
  }),
  ...dilemmaRows,
  dilemma: {
    ...dilemmaRows.dilemma,
    help: 'Some visible patches claim a wrong place to the encoder, and a linear head on its tokens must tell which. The decoder and what it has to paint keep the true places. Off: MAE as published. How the authors put DILEMMA on MAE could not be read: this is our reading.',
    provenance: 'gap',
  },
  dilemmaWeight: {
    ...dilemmaRows.dilemmaWeight,
    help: 'λ: the total loss is the reconstruction’s plus λ times the detection loss. 1 is the default of the official code, which has no MAE; on normalised patches both losses are of a size. 0.1 to 1 is worth trying.',
  },
  claims: {
    ...dilemmaRows.claims,
    help: 'Which place a patch claims falsely. Dropped cells: that of a masked patch, as in the official code for other hosts; below a mask ratio of 0.5 there are too few of these, and two patches may claim one cell, which gives the false one away. Our own: Permute, patches swap places among themselves, so that no cell is missing or claimed twice; Any cell: evenly among all others; Near cells: a few cells off, which is harder to tell.',
  },
  decoderInput: choice({
    label: 'Decoder gets',
    help: 'What the encoder makes of all visible patches, or of those alone that claimed their true places; in the cells of the others it then finds the mask token, but they are not painted. Our own design.',
    group: dilemmaRows.dilemma.group,
    options: [
      { value: 'all', label: 'All visible patches' },
      { value: 'honest', label: 'Those in true places' },
    ],
    default: 'all',
    effect: 'recording',
    provenance: 'own',
    when: { key: 'dilemma', is: [true] },
    advanced: true,
  }),
  target: choice({
    label: 'Target',
    help: 'What is painted of a patch. Normalised: its pixels less their mean, over their standard deviation, with which the paper learns the better features; a patch of one colour has hardly any, and its noise is blown up. Raw: its pixels. Losses of the two cannot be compared.',
    group: losses,
    options: [
      { value: 'normalised', label: 'Normalised' },
      { value: 'raw', label: 'Raw pixels' },
    ],
    default: 'normalised',
    effect: 'recording',
    provenance: 'paper',
  }),
  ...trunkRows,
  decoderDepth: integer({
    label: 'Decoder depth',
    help: 'Transformer blocks of the decoder, which is thrown away after pretraining. Official: 8. One is enough for fine-tuning; a linear probe wants more.',
    group: model,
    default: 2,
    min: 1,
    max: 8,
    step: 1,
    effect: 'restart',
    provenance: 'browser',
  }),
  decoderWidth: integer({
    label: 'Decoder width',
    help: 'Channels of a token in the decoder: a multiple of its heads, and of 4 for the sine-cosine positions. It works on all patches, masked ones too, so that narrow is cheap. Official: 512.',
    group: model,
    default: 64,
    min: 8,
    max: 512,
    step: 8,
    effect: 'restart',
    provenance: 'browser',
    advanced: true,
  }),
  decoderHeads: integer({
    label: 'Decoder heads',
    help: 'Attention heads in a block of the decoder. Official: 16, of 32 channels each.',
    group: model,
    default: 2,
    min: 1,
    max: 16,
    step: 1,
    effect: 'restart',
    provenance: 'browser',
    advanced: true,
  }),
  ...commonTable,
  batchSize: {
    ...commonTable.batchSize,
    help: 'Images a step. Official: 4096 on many GPUs; one browser GPU does well with 128 to 256.',
  },
  cropScaleMin: {
    ...commonTable.cropScaleMin,
    help: 'Random resized crop: smallest share of the image area that a crop may keep (the largest is 1; aspect ratio 3/4 to 4/3). 1 switches cropping off. Crops and flips are all that MAE changes about its images.',
    default: 0.2,
  },
  learningRate: {
    ...commonTable.learningRate,
    help: 'Peak learning rate of AdamW, after warm-up. The official rule (1.5e-4 × batch / 256) is meant for batches of 4096, to which it gives 2.4e-3, and 800 epochs.',
    default: 1.5e-3,
  },
  finalLearningRate: { ...commonTable.finalLearningRate, default: 0 },
  scheduleSteps: {
    ...commonTable.scheduleSteps,
    help: 'Steps over which the learning rate warms up and then falls along a cosine; training may go on after it at the final rate. Official: 800 epochs, 312,500 steps of 128 images of CIFAR-10.',
    default: 10_000,
  },
  warmupFraction: {
    ...commonTable.warmupFraction,
    help: 'Share of the schedule in which the learning rate rises linearly from 0. Official: 40 of 800 epochs.',
    default: 0.1,
  },
  beta2: { ...commonTable.beta2, default: 0.95 },
  clipNorm: { ...commonTable.clipNorm, default: 0 },
  probeEpochs: {
    ...commonTable.probeEpochs,
    help: 'Passes over the cached features of the training images. Official: 90, over augmented images, with LARS.',
  },
  finetuneEpochs: {
    ...commonTable.finetuneEpochs,
    help: 'Passes over the labelled images. Official: 100. What DILEMMA adds to MAE, the paper shows by fine-tuning alone.',
  },
} as const

/** Values of all settings of MAE. */
export type MaeSettings = ValuesOf<typeof maeTable>
