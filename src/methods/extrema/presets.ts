import type { Preset } from '../description.ts'
import { tinyEvaluation } from '../tiny.ts'

/** Named sizes (spec section 11.1). `small` is the default. */
export const presets: Readonly<Record<string, Preset>> = {
  tiny: {
    label: 'Tiny',
    help: 'Two narrow blocks and batches of 16: for trying things out without a GPU, and for tests.',
    values: {
      datasetSize: '2000',
      batchSize: 16,
      width: 48,
      depth: 2,
      mlpRatio: 2,
      projectorWidth: 96,
      projectionSize: 32,
      predictorWidth: 96,
      momentumStart: 0.98,
      scheduleSteps: 2000,
      ...tinyEvaluation,
    },
  },
  small: {
    label: 'Small',
    help: 'Four blocks of width 96 and 13 epochs: features that grow while one watches, on any GPU.',
    values: {},
  },
  long: {
    label: 'Long',
    help: 'Nine blocks of width 192 and 100 epochs in batches of 256: for a desktop GPU and an evening.',
    values: {
      batchSize: 256,
      width: 192,
      depth: 9,
      projectorWidth: 1024,
      projectionSize: 128,
      predictorWidth: 1024,
      dropPath: 0.1,
      momentumStart: 0.996,
      scheduleSteps: 20_000,
    },
  },
  paper: {
    label: 'Paper-like',
    help: 'As close to the paper as 32 pixels allow: 256 patches of 2 pixels, twelve blocks, 80 % with 5 masks, 300 epochs. For a fast GPU and days.',
    values: {
      maskRatio: 0.8,
      maskCount: 5,
      batchSize: 256,
      patchSize: '2',
      width: 192,
      depth: 12,
      projectorWidth: 1024,
      projectionSize: 128,
      predictorWidth: 1024,
      dropPath: 0.1,
      weightDecay: 0.1,
      warmupFraction: 0.13,
      momentumStart: 0.996,
      scheduleSteps: 58_600,
    },
  },
}
