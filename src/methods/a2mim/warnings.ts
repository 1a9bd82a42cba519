import type { MethodDescription } from '../description.ts'
import type { A2mimSettings } from './settings.ts'

/** Batch from which the spectra of its mean hold next to nothing: 3 % of what those of its images do at 16 to 32 (spec 5.3). */
const LARGE_BATCH = 32
/** Share of the loss above which the Fourier loss leaves the spatial one no say. */
const MOST = 0.9
/** Noise, in standard deviations of the data set’s colours, below which a pixel can be read off itself. */
const FAINT = 0.25

type Warnings = NonNullable<MethodDescription['warnings']>

/** The failures of spec section 8 that a step’s own numbers and the settings show. */
export const warnings: Warnings = (values, settings) => {
  const a2mim = settings as A2mimSettings
  return [
    leak(a2mim),
    shiftedStatistics(a2mim),
    emptySpectra(a2mim),
    tooMuchFrequency(values, a2mim),
  ].filter((text) => text !== null)
}

/** Whether the token takes the place of all that a ViT’s embedding knows of hidden patches. */
const isCut = ({ architecture, maskLayer, tokenEntry, tokenMode }: A2mimSettings): boolean =>
  architecture === 'vit' &&
  maskLayer === 0 &&
  tokenEntry === 'replace' &&
  (tokenMode === 'learned' || tokenMode === 'zero' || tokenMode === 'frozen')

function leak(settings: A2mimSettings): string | null {
  const { fill, noiseLevel } = settings
  if (isCut(settings)) return null
  if (fill === 'unfilled')
    return 'Hidden pixels are left as they are, so the network sees what it is to rebuild: a low loss means nothing now. This is what the official code’s fills zero and rand do. Fill with the mean colour, or replace the patch embeddings by the token.'
  return fill === 'noisy' && noiseLevel < FAINT
    ? `Noise of ${noiseLevel} hides next to nothing of a pixel: copying the input gives a low loss. A noise level of 1 is as strong as the colours themselves.`
    : null
}

function shiftedStatistics({ architecture, fill, maskRatio }: A2mimSettings): string | null {
  return architecture === 'resnet' && fill === 'zero' && maskRatio >= 0.3
    ? 'Zeros in the hidden pixels take contrast out of the images, and batch norm reckons with that: its statistics are not those of whole images. The mean colour of each image is nearly neutral. Evaluations should take the statistics of images, not those of training.'
    : null
}

function emptySpectra({ spectra, frequencyWeight, batchSize }: A2mimSettings): string | null {
  return spectra === 'batchMean' && frequencyWeight > 0 && batchSize >= LARGE_BATCH
    ? `The spectra are averaged over ${batchSize} images before they are compared, as in the official code: errors of single images cancel, and the Fourier loss shrinks like 1 / batch until it does nothing. Compare them per image, or take a small batch.`
    : null
}

function tooMuchFrequency(
  { spatial, frequency }: Parameters<Warnings>[0],
  { frequencyWeight }: A2mimSettings,
): string | null {
  if (spatial === undefined || frequency === undefined) return null
  const weighted = frequencyWeight * frequency
  return weighted > MOST * (spatial + weighted)
    ? `The Fourier loss is ${Math.round((100 * weighted) / (spatial + weighted))} % of the loss: look for ringing and a grid of cells in the reconstructions. A smaller frequency weight gives the spatial loss its say.`
    : null
}
