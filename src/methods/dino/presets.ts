import type { Preset } from '../description.ts'
import { tinyEvaluation } from '../tiny.ts'

/** Named sizes (spec section 11.1). `small` is the default. */
export const presets: Readonly<Record<string, Preset>> = {
  tiny: {
    label: 'Tiny',
    help: 'Two narrow blocks, 128 prototypes and batches of 16: for trying things out without a GPU, and for tests.',
    values: {
      datasetSize: '2000',
      batchSize: 16,
      width: 48,
      depth: 2,
      mlpRatio: 2,
      headWidth: 96,
      bottleneck: 32,
      prototypes: 128,
      frozenLastLayer: 120,
      momentumStart: 0.98,
      scheduleSteps: 2000,
      ...tinyEvaluation,
    },
  },
  small: {
    label: 'Small',
    help: 'Four blocks of width 96, two local crops, half of the patches of the global ones shown, and 13 epochs: features that grow while one watches, on any GPU.',
    values: {},
  },
  plain: {
    label: 'Plain DINO',
    help: 'The host alone: whole crops in true places, and no detector.',
    values: { dilemma: false, sparsity: 0 },
  },
  noLocal: {
    label: 'No local crops',
    help: 'Two global crops alone, from 14 % of the area on, as the paper of DINO advises without local ones: the cheap comparison.',
    values: { localCrops: 0, cropScaleMin: 0.14 },
  },
  sparse: {
    label: 'Sparse',
    help: 'A quarter of the patches of the global crops, 16 of 64, as many as a local crop has.',
    values: { sparsity: 0.75 },
  },
  long: {
    label: 'Long',
    help: 'Six blocks of width 192, four local crops and 50 epochs: for a desktop GPU and an evening.',
    values: {
      localCrops: 4,
      width: 192,
      depth: 6,
      heads: 6,
      headWidth: 1024,
      bottleneck: 128,
      momentumStart: 0.996,
      scheduleSteps: 20_000,
    },
  },
  paper: {
    label: 'Paper-like',
    help: 'As close to the paper as 32 pixels allow: 256 patches of 2 pixels, twelve blocks, eight local crops of 64 patches, all filters, 4096 prototypes and 100 epochs. For a fast GPU and days.',
    values: {
      localCrops: 8,
      localScaleMin: 0.05,
      filters: true,
      patchSize: '2',
      width: 192,
      depth: 12,
      heads: 6,
      headWidth: 2048,
      bottleneck: 256,
      prototypes: 4096,
      dropPath: 0.1,
      momentumStart: 0.996,
      weightDecayEnd: 0.4,
      scheduleSteps: 39_000,
    },
  },
}
