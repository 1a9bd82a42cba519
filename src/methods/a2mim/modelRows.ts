import { choice, integer, real, toggle } from '../../settings/rows.ts'

const group = 'Model'
const vit = { key: 'architecture', is: ['vit'] } as const
const resnet = { key: 'architecture', is: ['resnet'] } as const

/**
 * What the official recipe of ResNet-50 has in place of the ViTs' (spec sections 5.2 and 6): these are the defaults while
 * the network is a ResNet.
 */
const resnetRecipe = {
  spatialLoss: 'focalL1',
  frequencyWeight: 0.5,
  visibleGradient: 0.001,
  tokenRate: 0.1,
  clipNorm: 0,
  finetuneLayerDecay: 1,
} as const

/** The one switch between the two networks. */
export const architectureRow = {
  architecture: choice({
    label: 'Network',
    help: 'A vision transformer, or a residual network of convolutions with batch norm: the method is the same for both. With a ResNet the loss, its weights, the clipping, the token’s learning rate and the layer decay of fine-tuning (none) start from the official recipe of ResNet-50.',
    group: 'Network',
    options: [
      { value: 'vit', label: 'ViT' },
      { value: 'resnet', label: 'ResNet', defaults: resnetRecipe },
    ],
    default: 'vit',
    effect: 'restart',
    provenance: 'paper',
    atTop: true,
    later: true,
  }),
} as const

/** Rows of the transformer. */
const vitRows = {
  patchSize: choice({
    label: 'Patch',
    help: 'Side of a patch in pixels. The paper uses 16 on 224 pixels; 4 on 32 pixels gives 64 tokens.',
    group,
    options: [
      { value: '2', label: '2 px' },
      { value: '4', label: '4 px' },
      { value: '8', label: '8 px' },
    ],
    default: '4',
    effect: 'restart',
    provenance: 'browser',
    when: vit,
  }),
  width: integer({
    label: 'Width',
    help: 'Channels of a token. A multiple of the number of heads.',
    group,
    default: 192,
    min: 12,
    max: 768,
    step: 12,
    effect: 'restart',
    provenance: 'browser',
    when: vit,
  }),
  depth: integer({
    label: 'Depth',
    help: 'Transformer blocks.',
    group,
    default: 6,
    min: 1,
    max: 12,
    step: 1,
    effect: 'restart',
    provenance: 'browser',
    when: vit,
  }),
  heads: integer({
    label: 'Heads',
    help: 'Attention heads in a block.',
    group,
    default: 6,
    min: 1,
    max: 12,
    step: 1,
    effect: 'restart',
    provenance: 'browser',
    when: vit,
  }),
  mlpRatio: real({
    label: 'MLP ratio',
    help: 'Hidden width of the MLP over the width of a token.',
    group,
    default: 4,
    min: 1,
    max: 8,
    step: 0.5,
    effect: 'restart',
    provenance: 'code',
    when: vit,
    advanced: true,
  }),
  relativePositions: toggle({
    label: 'Relative position bias',
    help: 'A learned bias for every offset between two patches, head and layer, on top of the learned positions (as in BEiT); the keys then have no bias.',
    group,
    default: true,
    effect: 'restart',
    provenance: 'code',
    when: vit,
    advanced: true,
  }),
  layerScale: real({
    label: 'LayerScale',
    help: 'Initial value of the learned per-channel factor on both branches of a block. 0 leaves the factor out.',
    group,
    default: 0.1,
    min: 0,
    max: 1,
    step: 0.01,
    effect: 'restart',
    provenance: 'code',
    when: vit,
    advanced: true,
  }),
  dropPath: real({
    label: 'Drop path',
    help: 'Probability of skipping a branch of the last block for an image; it falls linearly to 0 at the first block. The official ResNets have none.',
    group,
    default: 0.1,
    min: 0,
    max: 0.5,
    step: 0.05,
    effect: 'recording',
    provenance: 'code',
    when: vit,
    advanced: true,
  }),
} as const

const blocks = (stage: number, halves: string) =>
  integer({
    label: `Blocks of stage ${stage}`,
    help: `Residual blocks of stage ${stage}${halves}. ResNet-18 has 2, 2, 2, 2 and ResNet-50 3, 4, 6, 3.${stage > 1 ? ' 0 leaves the stage out, and those after it.' : ''}`,
    group,
    default: 2,
    min: stage > 1 ? 0 : 1,
    max: 36,
    step: 1,
    effect: 'restart',
    provenance: 'browser',
    when: resnet,
    later: true,
  })
const halving = ', of which the first halves the map and doubles the width'

/** Rows of the residual network: the layout for CIFAR, with a 3×3 stem, no pooling, and strides 1, 2, 2, 2. */
const resnetRows = {
  block: choice({
    label: 'Block',
    help: 'Two 3×3 convolutions (ResNet-18 and -34), or 1×1, 3×3, 1×1 with four times the channels at its output (ResNet-50 and up, what the paper trains).',
    group,
    options: [
      { value: 'basic', label: 'Basic' },
      { value: 'bottleneck', label: 'Bottleneck' },
    ],
    default: 'basic',
    effect: 'restart',
    provenance: 'browser',
    when: resnet,
    later: true,
  }),
  stemWidth: integer({
    label: 'Stem width',
    help: 'Channels of the stem and of the first stage; every later stage has twice as many. The ResNets of the paper have 64; 32 is about the work of the small ViT.',
    group,
    default: 32,
    min: 4,
    max: 128,
    step: 4,
    effect: 'restart',
    provenance: 'browser',
    when: resnet,
    later: true,
  }),
  blocks1: blocks(1, ''),
  blocks2: blocks(2, halving),
  blocks3: blocks(3, halving),
  blocks4: blocks(4, halving),
} as const

/** Rows of both networks. */
export const modelRows = { ...vitRows, ...resnetRows } as const
