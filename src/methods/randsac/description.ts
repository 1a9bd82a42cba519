import type { MethodDescription } from '../description.ts'
import { zeroPrediction } from '../zeroPrediction.ts'
import { constraints } from './constraints.ts'
import { presets } from './presets.ts'
import { representations } from './representations.ts'
import { gridOf } from './segments/plan.ts'
import { randsacTable, type RandsacSettings } from './settings.ts'
import { tables } from './tables.ts'
import { warnings } from './warnings.ts'

/** RandSAC: Random Segments with Autoregressive Coding (Hua et al., ICLR 2023). */
export const randsac: MethodDescription = {
  id: 'randsac',
  name: 'RandSAC',
  summary:
    'Cuts the image into segments, puts them in a random order, and predicts each from those before it: a GPT of images in any order.',
  paper: {
    title: 'Self-supervision through Random Segments with Autoregressive Coding (RandSAC)',
    authors: 'Hua, Tian, Ren, Raptis, Zhao, Sigal',
    venue: 'ICLR 2023',
    url: 'https://arxiv.org/abs/2203.12054',
  },
  table: randsacTable,
  constraints,
  presets,
  representations,
  comparisons: () => import('./comparisons.ts'),
  warnings,
  tables,
  hasOrder: true,
  hasTokens: () => true,
  hasTeacher: false,
  // The encoder sees every patch, and the decoder predicts every patch.
  tokenCounts: (settings) => ({
    teacher: 0,
    student: 2 * gridOf(settings as RandsacSettings) ** 2,
  }),
  patchSize: (settings) => Number((settings as RandsacSettings).patchSize),
  metrics: [
    {
      key: 'loss',
      label: 'Loss',
      help: 'Mean squared error over all patches but those of the first segment, each patch counted alike. It depends on the scheme of segments: losses of different schemes or targets cannot be compared.',
      reference: (settings) => zeroPrediction(settings as RandsacSettings),
    },
  ],
}
