import type { SettingValues } from '../../settings/rows.ts'
import type { MethodDescription } from '../description.ts'
import { constraints } from './constraints.ts'
import { tokenCounts } from './cost.ts'
import { presets } from './presets.ts'
import { representations } from './representations.ts'
import { a2mimTable, type A2mimSettings } from './settings.ts'

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
  hasTokens: isVit,
  hasAttention: isVit,
  hasActivations: () => true,
  hasSpectrum: true,
  hasLeakCheck: true,
  hasTeacher: false,
  tokenCounts: (settings) => tokenCounts(settings as A2mimSettings),
  patchSize: (settings) => Number((settings as A2mimSettings).patchSize),
  metrics: [
    { key: 'loss', label: 'Loss', help: 'Spatial loss + frequency weight × frequency loss.' },
    {
      key: 'spatial',
      label: 'Spatial',
      help: 'Mean absolute error over the hidden pixels, in normalised colour units.',
    },
    {
      key: 'frequency',
      label: 'Frequency',
      help: 'Weighted squared distance between the spectra of the prediction and of the image.',
    },
  ],
}
