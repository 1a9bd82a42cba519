import type { A2mimSettings } from '../settings.ts'

/** What maps and curves of a spectrum are called. */
interface Words {
  readonly id: string
  readonly label: string
  readonly help: string
}

/** What is compared with the image, by what stands in the visible area. */
const COMPARED: Record<A2mimSettings['replacement'], string> = {
  prediction: 'the prediction, everywhere',
  target: 'the prediction in the hidden pixels, the image itself in the visible ones',
  mixed: 'the prediction in the hidden pixels, half prediction and half image in the visible ones',
  mean: 'the prediction in the hidden pixels, the image’s mean colour in the visible ones',
}

/** The words of the maps of an image's spectrum. */
export function mapWords(
  settings: A2mimSettings,
  images: number,
): Record<'distance' | 'averaged' | 'weight' | 'image', Words> {
  const { replacement, spectra, frequencyFocus, focusMaximum, frequencyWeight } = settings
  const off = frequencyWeight === 0 ? ' The loss is switched off: its weight is 0.' : ''
  const averages = spectra === 'batchMean'
  return {
    distance: {
      id: 'distance',
      label: 'Distance',
      help: `|FFT(q) − FFT(x)| of this image x, where q is ${COMPARED[replacement]}. ${averages ? 'The loss averages spectra over the batch before it takes distances: see the map beside it.' : 'This is what the Fourier loss is to make small.'}${off}`,
    },
    averaged: {
      id: 'averaged',
      label: 'Distance of the mean',
      help: `The distance as the loss sees it: of the spectra averaged over all ${images} images shown, as over a batch. Errors that differ from image to image cancel. The same in every row.`,
    },
    weight: {
      id: 'weight',
      label: 'Weight',
      help:
        frequencyFocus === 'focal'
          ? `The focal weight of every frequency in the loss: the largest of the three colours. 1 where the distance is largest, ${averages || focusMaximum === 'batch' ? 'of all images shown' : 'in each image'}.`
          : 'The plain form of the Fourier loss weighs all frequencies alike: 1 everywhere.',
    },
    image: {
      id: 'image',
      label: 'Image',
      help: '|FFT(x)|: how much the image itself has of every frequency, the constant part in the middle.',
    },
  }
}

/** The words of the curves over rings. */
export const curveWords = {
  distance: {
    id: 'distance',
    label: 'Distance',
    help: '|FFT(q) − FFT(x)| by frequency: means over a ring of the map.',
  },
  filled: {
    id: 'filled',
    label: 'Nothing painted',
    help: 'The same where the hidden pixels have the image’s mean colour and nothing is painted: below this, the network knows something.',
  },
  image: {
    id: 'image',
    label: 'Image',
    help: '|FFT(x)| of the image itself by frequency.',
  },
  distanceShare: {
    id: 'distanceShare',
    label: 'Distance / image',
    help: 'The distance as a share of the image’s own amplitude in the same ring.',
  },
  filledShare: {
    id: 'filledShare',
    label: 'Nothing painted / image',
    help: 'What painting nothing would leave, as a share of the image’s own amplitude in the same ring.',
  },
} as const satisfies Record<string, Words>
