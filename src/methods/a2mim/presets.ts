import type { Preset } from '../description.ts'
import { tinyEvaluation } from '../tiny.ts'

/** What every size for machines without a GPU has. */
const tinyRun = {
  datasetSize: '2000',
  batchSize: 16,
  scheduleSteps: 2000,
  ...tinyEvaluation,
} as const

/** Its recipe are the defaults that follow the network. */
const resnet = { architecture: 'resnet' } as const

/** Named sizes and baselines. `small` is the default. */
export const presets: Readonly<Record<string, Preset>> = {
  tiny: {
    label: 'Tiny',
    help: 'Two narrow blocks and batches of 16: a step takes half a second or less without a GPU. For trying things out and for tests.',
    values: {
      ...tinyRun,
      width: 48,
      depth: 2,
      heads: 2,
      mlpRatio: 2,
      relativePositions: false,
      dropPath: 0,
    },
  },
  tinyResnet: {
    label: 'Tiny ResNet',
    help: 'Three stages of one narrow block each, mask blocks of 4 pixels and batches of 16: about the work of Tiny. For trying things out and for tests.',
    values: {
      ...tinyRun,
      ...resnet,
      stemWidth: 8,
      blocks1: 1,
      blocks2: 1,
      blocks3: 1,
      blocks4: 0,
      tokenStage: 2,
    },
  },
  small: {
    label: 'Small',
    help: 'A ViT of six blocks of width 192: a good start on any GPU.',
    values: {},
  },
  resnet: {
    label: 'ResNet',
    help: 'The layout of ResNet-18 at half its width, with the recipe of the official ResNet-50: about the work of Small, and the paper’s way back to CNN.',
    values: resnet,
  },
  base: {
    label: 'Base',
    help: 'A ViT of twelve blocks of width 384: for a fast desktop GPU and patience.',
    values: { batchSize: 256, width: 384, depth: 12, scheduleSteps: 100_000 },
  },
  resnet50: {
    label: 'ResNet-50',
    help: 'The bottleneck blocks of ResNet-50 at half its width, with gamma as in its official 300-epoch recipe: for a fast desktop GPU and patience.',
    values: {
      ...resnet,
      tokenEntry: 'gamma',
      block: 'bottleneck',
      blocks1: 3,
      blocks2: 4,
      blocks3: 6,
      blocks4: 3,
      batchSize: 256,
      scheduleSteps: 100_000,
    },
  },
  simmim: {
    label: 'SimMIM-like',
    help: 'A baseline of the paper: the token takes the place of the embedding of hidden patches, L1 on hidden pixels, and no Fourier loss.',
    values: { tokenEntry: 'replace', frequencyWeight: 0 },
  },
  denoise: {
    label: 'Denoising',
    help: 'A control: hidden pixels are covered with noise in place of one colour, no token tells where, and there is no Fourier loss. What is learned from rebuilding what can be seen.',
    values: { fill: 'noisy', tokenMode: 'none', frequencyWeight: 0 },
  },
}
