import type { Preset } from '../description.ts'
import { tinyEvaluation } from '../tiny.ts'

/** Named sizes (spec section 11.1). `small` is the default. */
export const presets: Readonly<Record<string, Preset>> = {
  tiny: {
    label: 'Tiny',
    help: 'Two narrow blocks and batches of 32: for trying things out without a GPU, and for tests. The projector’s batch norm would like larger batches.',
    values: {
      datasetSize: '2000',
      batchSize: 32,
      width: 48,
      depth: 2,
      mlpRatio: 2,
      projectionSize: 32,
      scheduleSteps: 2000,
      ...tinyEvaluation,
    },
  },
  small: {
    label: 'Small',
    help: 'Blocks of width 96, half of the patches of both views shown, and 26 epochs: features that grow while one watches, on any GPU.',
    values: {},
  },
  plain: {
    label: 'Plain SimCLR',
    help: 'The host alone: whole images in true places, and no detector.',
    values: { dilemma: false, sparsity: 0 },
  },
  wholeView: {
    label: 'Second view whole',
    help: 'Variant S2: the first view sparse and with wrong places, the second whole and true.',
    values: { denseView: true },
  },
  sparse: {
    label: 'Sparse',
    help: 'A quarter of the patches of both views, 16 of 64: the cheapest step.',
    values: { sparsity: 0.75 },
  },
  official: {
    label: 'Official CIFAR-10',
    help: 'What the official code does on CIFAR-10, on a transformer: batches of 512, crops from 8 % of the image, its colours without blur, 128 channels, 1000 epochs; AdamW in place of LARS. For a fast GPU and days.',
    values: {
      dilemma: false,
      sparsity: 0,
      batchSize: 512,
      cropScaleMin: 0.08,
      projectionSize: 128,
      warmupFraction: 0.01,
      scheduleSteps: 97_700,
    },
  },
  long: {
    label: 'Long',
    help: 'Six blocks of width 192 and 100 epochs: for a desktop GPU and an evening.',
    values: { width: 192, depth: 6, heads: 6, projectionSize: 128, scheduleSteps: 20_000 },
  },
}
