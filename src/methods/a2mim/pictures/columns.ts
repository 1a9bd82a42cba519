import type { StripColumn } from '../../../pictures.ts'
import type { A2mimSettings } from '../settings.ts'

/** What hidden pixels have, by the fill. */
const FILLS: Record<A2mimSettings['fill'], string> = {
  mean: 'hidden pixels have the mean colour of the whole image',
  zero: 'hidden pixels are zero after normalisation, which is the mean colour of the data set',
  noise: 'hidden pixels are noise',
  noisy: 'hidden pixels have noise added to them, so that something of them is left to see',
  unfilled: 'hidden pixels are not filled at all: the network is given what it is to rebuild',
}

/** What needs no network. */
export const maskColumns = ({ fill }: Pick<A2mimSettings, 'fill'>): readonly StripColumn[] => [
  { id: 'original', label: 'Original', help: 'The image as it is in CIFAR-10.' },
  { id: 'mask', label: 'Mask', help: 'Hidden blocks are dark, visible ones light.' },
  { id: 'masked', label: 'Masked input', help: `What the network sees: ${FILLS[fill]}.` },
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
