import type { SettingValues } from '../../settings/rows.ts'
import type { MethodDescription } from '../description.ts'
import { maskShape } from './config.ts'
import { constraints } from './constraints.ts'
import { tokenCounts } from './cost.ts'
import { presets } from './presets.ts'
import { representations } from './representations.ts'
import { a2mimTable, type A2mimSettings } from './settings.ts'
import { warnings } from './warnings.ts'

const isVit = (settings: SettingValues): boolean =>
  (settings as A2mimSettings).architecture === 'vit'

/** A²MIM: Architecture-Agnostic Masked Image Modeling (Li et al., ICML 2023). */
export const a2mim: MethodDescription = {
  id: 'a2mim',
  name: 'A²MIM',
  summary:
    'Hides blocks of the image behind its mean colour, adds a mask token inside the network, and rebuilds pixels and spectrum.',
  paper: {
    title: 'Architecture-Agnostic Masked Image Modeling — From ViT back to CNN',
    authors: 'Li, Wu, Wu, Zang, Li',
    venue: 'ICML 2023',
    url: 'https://arxiv.org/abs/2205.13943',
  },
  table: a2mimTable,
  constraints,
  presets,
  representations,
  comparisons: () => import('./comparisons.ts'),
  warnings,
  hasTokens: isVit,
  hasAttention: isVit,
  hasActivations: () => true,
  hasSpectrum: true,
  spectrumWeight: 'frequencyWeight',
  hasLeakCheck: true,
  hasTeacher: false,
  tokenCounts: (settings) => tokenCounts(settings as A2mimSettings),
  patchSize: (settings) =>
    isVit(settings)
      ? Number((settings as A2mimSettings).patchSize)
      : maskShape(settings as A2mimSettings).maskPatch,
  metrics: [
    { key: 'loss', label: 'Loss', help: 'Spatial loss + frequency weight × frequency loss.' },
    {
      key: 'spatial',
      label: 'Spatial',
      help: 'L1: mean absolute error over the hidden pixels, in normalised colour units. Focal L1: mean of |d| tanh(0.1 |d|) over the errors d, about a tenth of their squares where they are small.',
    },
    {
      key: 'frequency',
      label: 'Frequency',
      help: 'Distance between the spectra of the prediction and of the image: squared and weighted by its own size, or as it is in the plain form.',
    },
    {
      key: 'error',
      label: 'Hidden error',
      help: 'Mean absolute error over the hidden pixels, in normalised colour units, whatever form the spatial loss has: what the spatial loss of a ViT is with L1.',
      apart: true,
      when: { key: 'architecture', is: ['resnet'] },
    },
  ],
}
