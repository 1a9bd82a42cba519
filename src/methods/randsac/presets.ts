import type { Preset } from '../description.ts'
import { tinyEvaluation } from '../tiny.ts'

/** Named sizes and schemes (spec section 6). `small` is the default. */
export const presets: Readonly<Record<string, Preset>> = {
  tiny: {
    label: 'Tiny',
    help: 'Three narrow blocks and two of the decoder, batches of 16: for trying things out without a GPU, and for tests.',
    values: {
      datasetSize: '2000',
      batchSize: 16,
      width: 48,
      depth: 3,
      decoderDepth: 2,
      mlpRatio: 2,
      scheduleSteps: 2000,
      ...tinyEvaluation,
    },
  },
  small: {
    label: 'Small',
    help: 'Six blocks of width 96 and four of the decoder, 26 epochs of 16 squares in 4 partitions: for any GPU. Features need far more steps than the loss.',
    values: {},
  },
  blob: {
    label: 'Blobs',
    help: 'As small, with 11 blobs in 5 partitions: the better of the paper’s two final models in the linear probe on CIFAR-10 (93.9 against 92.1, Table 7).',
    values: { segmentKind: 'blob' },
  },
  pixels: {
    label: 'Pixels',
    help: 'The first row of the paper’s Table 1: each of the 1024 pixels is a token, predicted as it is, row by row (linear probe 41.70, against 55.53 for patches in the same order). Attention costs 256 times that of patches of 4: two narrow blocks and batches of 16 make it bearable.',
    values: {
      batchSize: 16,
      patchSize: '1',
      width: 32,
      depth: 2,
      decoderDepth: 2,
      heads: 2,
      mlpRatio: 2,
      skipConnections: false,
      segmentKind: 'patches',
      hierarchy: false,
      segmentOrder: 'raster',
      target: 'raw',
    },
  },
  long: {
    label: 'Long',
    help: 'Eight blocks of width 192 and four of the decoder, 100 epochs in batches of 256: for a desktop GPU and patience.',
    values: { batchSize: 256, width: 192, depth: 8, scheduleSteps: 20_000 },
  },
  paper: {
    label: 'Paper-like',
    help: 'The paper’s length: 1600 epochs of CIFAR-10, as in Table 7, in batches of 256, with twelve blocks. Patches, segments, partitions, target and length are the paper’s; width, heads, batch, augmentation and optimiser are ours, since it tells them in a supplement that we could not read. For a fast GPU and much patience.',
    values: { batchSize: 256, width: 192, depth: 12, heads: 6, scheduleSteps: 312_500 },
  },
}
