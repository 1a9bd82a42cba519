import type { Preset } from '../description.ts'
import { tinyEvaluation } from '../tiny.ts'

/** Named sizes (spec section 11.1). `small` is the default. */
export const presets: Readonly<Record<string, Preset>> = {
  tiny: {
    label: 'Tiny',
    help: 'Two narrow blocks, one of the decoder, and batches of 16: for trying things out without a GPU, and for tests.',
    values: {
      datasetSize: '2000',
      batchSize: 16,
      width: 48,
      depth: 2,
      mlpRatio: 2,
      decoderDepth: 1,
      decoderWidth: 48,
      scheduleSteps: 2000,
      ...tinyEvaluation,
    },
  },
  small: {
    label: 'Small',
    help: 'Six blocks of width 96, a decoder of two narrow blocks and 26 epochs, on a quarter of the patches: a cheap step on any GPU. Features need far more steps than the loss.',
    values: {},
  },
  plain: {
    label: 'Plain MAE',
    help: 'The host alone: true places, and no detector.',
    values: { dilemma: false },
  },
  raw: {
    label: 'Raw pixels',
    help: 'Paints pixels as they are instead of normalised patches: reconstructions are nicer to look at, features a little worse (the paper, ImageNet-1k: 84.9 against 85.4 fine-tuned).',
    values: { target: 'raw' },
  },
  long: {
    label: 'Long',
    help: 'Eight blocks of width 192 and a decoder of width 96, 100 epochs in batches of 256: for a desktop GPU and an evening.',
    values: {
      batchSize: 256,
      width: 192,
      depth: 8,
      heads: 6,
      decoderWidth: 96,
      decoderHeads: 3,
      scheduleSteps: 20_000,
    },
  },
  paper: {
    label: 'Paper-like',
    help: 'As close to the paper as 32 pixels allow: 256 patches of 2 pixels, of which 64 are seen, twelve blocks, eight of the decoder, 800 epochs with 40 of warm-up. For a fast GPU and days.',
    values: {
      batchSize: 256,
      patchSize: '2',
      width: 192,
      depth: 12,
      heads: 6,
      decoderWidth: 128,
      decoderDepth: 8,
      decoderHeads: 4,
      warmupFraction: 0.05,
      scheduleSteps: 156_000,
    },
  },
}
