import type { Preset } from '../description.ts'
import { tinyEvaluation } from '../tiny.ts'

/** Named sizes (spec section 11.1). `small` is the default. */
export const presets: Readonly<Record<string, Preset>> = {
  tiny: {
    label: 'Tiny',
    help: 'Two narrow blocks and batches of 32: for trying things out without a GPU, and for tests. The heads’ batch norm would like larger batches.',
    values: {
      datasetSize: '2000',
      batchSize: 32,
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
    help: 'Six blocks of width 96, half of the patches shown, and 26 epochs: features that grow while one watches, on any GPU.',
    values: {},
  },
  plain: {
    label: 'Plain MoCo-v3',
    help: 'The host alone: whole images in true places, and no detector.',
    values: { dilemma: false, sparsity: 0 },
  },
  dense: {
    label: 'Dense',
    help: 'DILEMMA on whole images: wrong places are those of other visible patches, so that a place claimed twice gives one away.',
    values: { sparsity: 0 },
  },
  sparse: {
    label: 'Sparse',
    help: 'A quarter of the patches, 16 of 64, as in the example of the official README: the cheapest step, 2.3 times less work than with whole images.',
    values: { sparsity: 0.75 },
  },
  long: {
    label: 'Long',
    help: 'Six blocks of width 192 with 6 heads and 100 epochs: for a desktop GPU and an evening.',
    values: {
      width: 192,
      heads: 6,
      projectorWidth: 1024,
      projectionSize: 128,
      predictorWidth: 1024,
      scheduleSteps: 20_000,
    },
  },
  paper: {
    label: 'Paper-like',
    help: '12 blocks of width 192 with 6 heads, 256 patches of 2 pixels, of which a quarter is shown, and 300 epochs: the official geometry at a smaller width. Slow.',
    values: {
      patchSize: '2',
      sparsity: 0.75,
      width: 192,
      depth: 12,
      heads: 6,
      projectorWidth: 1024,
      projectionSize: 256,
      predictorWidth: 1024,
      warmupFraction: 0.13,
      scheduleSteps: 58_600,
    },
  },
}
