import type { SettingValue } from '../../settings/rows.ts'
import type { Comparison } from '../description.ts'

type Variant = Comparison['variants'][number]

const variant = (label: string, values: Readonly<Record<string, SettingValue>>): Variant => ({
  label,
  values,
})

const learned = { tokenMode: 'learned', fill: 'mean' } as const
const vit = { architecture: 'vit', spatialLoss: 'l1' } as const
const resnet = { architecture: 'resnet', spatialLoss: 'focalL1' } as const

/** The experiments of the paper that a browser can repeat (spec sections 2 to 8). Its numeric ablation tables could not be had. */
export const comparisons: Readonly<Record<string, Comparison>> = {
  networks: {
    label: 'ViT and ResNet',
    help: 'One method on both networks, each with its own recipe and the sizes of the form; Small and ResNet are about the same work. The paper: both gain, ViTs more. Judge them by k-NN and linear probe: their losses have other forms.',
    variants: [
      variant('ViT', { architecture: 'vit' }),
      variant('ResNet', { architecture: 'resnet' }),
    ],
  },
  baselines: {
    label: 'Baselines, ViT',
    help: 'A²MIM; SimMIM-like, with the token in place of the embedding and no Fourier loss; denoising, where hidden pixels have noise added. The paper, fine-tuned on ImageNet-1k: ViT-B 84.2 against 83.8 for SimMIM.',
    variants: [
      variant('A²MIM', {
        ...vit,
        ...learned,
        tokenEntry: 'sum',
        maskLayer: 0,
        frequencyWeight: 0.1,
      }),
      variant('SimMIM-like', {
        ...vit,
        ...learned,
        tokenEntry: 'replace',
        maskLayer: 0,
        frequencyWeight: 0,
      }),
      variant('Denoising', { ...vit, tokenMode: 'none', fill: 'noisy', frequencyWeight: 0 }),
    ],
  },
  resnetBaselines: {
    label: 'Baselines, ResNet',
    help: 'A²MIM with the token where the form has it; SimMIM-like, with the token in place of the stem’s features, L1 and no Fourier loss; denoising. The paper, fine-tuned on ImageNet-1k: ResNet-50 80.4 against 79.9 for SimMIM and 79.8 for labels alone: within what protocols differ by.',
    variants: [
      variant('A²MIM', { ...resnet, ...learned, tokenEntry: 'sum', frequencyWeight: 0.5 }),
      variant('SimMIM-like', {
        ...resnet,
        ...learned,
        spatialLoss: 'l1',
        tokenEntry: 'replace',
        tokenStage: 0,
        frequencyWeight: 0,
      }),
      variant('Denoising', {
        ...resnet,
        spatialLoss: 'l1',
        tokenMode: 'none',
        fill: 'noisy',
        frequencyWeight: 0,
      }),
    ],
  },
  fills: {
    label: 'What fills hidden pixels',
    help: 'The defaults of the paper imply that its mean colour beats zeros. Unfilled is the official code’s leak: expect the lowest loss and the poorest features.',
    variants: [
      variant('Mean colour', { fill: 'mean' }),
      variant('Zero', { fill: 'zero' }),
      variant('Noise', { fill: 'noise', noiseLevel: 1 }),
      variant('Noise added', { fill: 'noisy', noiseLevel: 1 }),
      variant('Unfilled', { fill: 'unfilled' }),
    ],
  },
  layers: {
    label: 'Token layer, ViT',
    help: 'At the embedding, and at the input of the first and of the second block. Official: at the embedding on ImageNet-1k, at block 8 of 12 for DeiT-S on ImageNet-100.',
    variants: [0, 1, 2].map((maskLayer) =>
      variant(maskLayer === 0 ? 'Embedding' : `Block ${maskLayer}`, {
        architecture: 'vit',
        tokenMode: 'learned',
        maskLayer,
      }),
    ),
  },
  stages: {
    label: 'Token stage, ResNet',
    help: 'A network of three stages with the token after the stem (the official l0 variant), and at the input of its second and of its last stage, which is the paper’s choice.',
    variants: ['After the stem', 'Second stage', 'Last stage'].map((label, tokenStage) =>
      variant(label, { architecture: 'resnet', tokenMode: 'learned', blocks4: 0, tokenStage }),
    ),
  },
  forms: {
    label: 'How the token enters',
    help: 'Added to the features (the paper), in their place, or with a learned gamma from 1e-6 (the official “init” recipes of ResNets). The defaults of the paper imply that adding beats replacing.',
    variants: [
      variant('Add', { tokenMode: 'learned', tokenEntry: 'sum' }),
      variant('Replace', { tokenMode: 'learned', tokenEntry: 'replace' }),
      variant('Gamma', { tokenMode: 'learned', tokenEntry: 'gamma' }),
    ],
  },
  tokens: {
    label: 'What the token is',
    help: 'In place of the hidden features: a learned vector, zeros, a random vector, the mean of the image’s features; or nothing, so that the network is not told what is hidden. All are in the official code; its recipes learn it.',
    variants: [
      variant('Learned', { tokenMode: 'learned', tokenEntry: 'replace' }),
      variant('Zero', { tokenMode: 'zero', tokenEntry: 'replace' }),
      variant('Random', { tokenMode: 'frozen', tokenEntry: 'replace' }),
      variant('Image mean', { tokenMode: 'imageMean', tokenEntry: 'replace' }),
      variant('None', { tokenMode: 'none' }),
    ],
  },
  spatial: {
    label: 'Spatial loss',
    help: 'L1, which the paper states and the official ViTs have, and focal L1, which the official CNNs have: about 0.1 d² for small errors.',
    variants: [
      variant('L1', { spatialLoss: 'l1' }),
      variant('Focal L1', { spatialLoss: 'focalL1' }),
    ],
  },
  frequency: {
    label: 'Weight of the Fourier loss',
    help: 'None: blurred patches. 0.1 (official ViTs) and 0.5 (ResNet-50) add edges; 2 is too much: ringing, and the grid of the decoder’s cells.',
    variants: [0, 0.1, 0.5, 2].map((frequencyWeight) =>
      variant(`${frequencyWeight}`, { frequencyWeight }),
    ),
  },
  spectra: {
    label: 'Spectra of images or of the batch',
    help: 'Per image, as the paper says; of the batch’s mean, as the official code does, where the loss shrinks like 1 / batch; and no Fourier loss, which the second should come near to.',
    variants: [
      variant('Per image', {
        spectra: 'perImage',
        replacement: 'prediction',
        frequencyWeight: 0.5,
      }),
      variant('Batch mean', { spectra: 'batchMean', replacement: 'mixed', frequencyWeight: 0.5 }),
      variant('None', { frequencyWeight: 0 }),
    ],
  },
  ratio: {
    label: 'How much to hide',
    help: 'The paper hides 60 % of the blocks.',
    variants: [0.3, 0.6, 0.75, 0.9].map((maskRatio) =>
      variant(`${Math.round(100 * maskRatio)} %`, { maskRatio }),
    ),
  },
  blocks: {
    label: 'Size of hidden blocks',
    help: 'Blocks of 4, 8 and 16 pixels. The paper’s are a seventh of the image’s side, between the first two; small ones are filled in from their edges.',
    variants: ['4', '8', '16'].map((maskPatch) => variant(`${maskPatch} px`, { maskPatch })),
  },
}
