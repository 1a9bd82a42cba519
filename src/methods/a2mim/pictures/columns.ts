import type { StripColumn } from '../../../pictures.ts'

/** What needs no network. */
export const maskColumns: readonly StripColumn[] = [
  { id: 'original', label: 'Original', help: 'The image as it is in CIFAR-10.' },
  { id: 'mask', label: 'Mask', help: 'Hidden blocks are dark, visible ones light.' },
  {
    id: 'masked',
    label: 'Masked input',
    help: 'What the network sees: hidden pixels have the mean colour of the whole image.',
  },
]

/** What does. */
export const predictionColumns: readonly StripColumn[] = [
  {
    id: 'reconstruction',
    label: 'Reconstruction',
    help: 'What the network paints, everywhere.',
    needsNetwork: true,
  },
  {
    id: 'pasted',
    label: 'Paste-in',
    help: 'The visible pixels as they are, the hidden ones as the network paints them.',
    needsNetwork: true,
  },
  {
    id: 'error',
    label: 'Error',
    help: 'Absolute difference between paste-in and original, averaged over colours; brighter is worse.',
    needsNetwork: true,
  },
]
