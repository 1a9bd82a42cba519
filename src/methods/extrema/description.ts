import type { MethodDescription } from '../description.ts'
import { maskPlanOf } from './config.ts'
import { constraints } from './constraints.ts'
import { presets } from './presets.ts'
import { representations } from './representations.ts'
import { extremaTable, type ExtremaSettings } from './settings.ts'
import { warnings } from './warnings.ts'

/** ExtreMA: Extreme Masking (Wu et al., TMLR 2023). */
export const extrema: MethodDescription = {
  id: 'extrema',
  name: 'ExtreMA',
  summary:
    'Shows a student a few patches of the image, several times over, and has it say what a slow copy of itself makes of the whole.',
  paper: {
    title: 'Extreme Masking for Learning Instance and Distributed Visual Representations',
    authors: 'Wu, Lai, Sun, Lin',
    venue: 'TMLR 2023',
    url: 'https://arxiv.org/abs/2206.04667',
  },
  table: extremaTable,
  constraints,
  presets,
  representations,
  comparisons: () => import('./comparisons.ts'),
  warnings,
  hasTokens: () => true,
  hasTeacher: true,
  tokenCounts: (settings) => {
    const { tokens, visible, count } = maskPlanOf(settings as ExtremaSettings)
    const unmasked = {
      label: 'two unmasked views, both ways',
      teacher: 2 * tokens,
      student: 2 * tokens,
    }
    return { teacher: tokens, student: count * visible, unmasked }
  },
  patchSize: (settings) => Number((settings as ExtremaSettings).patchSize),
  metrics: [
    {
      key: 'loss',
      label: 'Loss',
      help: 'BYOL: 2 − 2 cos(prediction, target), mean over masks and images, from 0 to 4. InfoNCE: cross-entropy × 2 × temperature.',
    },
    {
      key: 'cosine',
      label: 'Cosine',
      help: 'Cosine between the student’s prediction and the teacher’s target, mean over masks and images.',
      apart: true,
    },
    {
      key: 'cosineSpread',
      label: 'Spread over masks',
      help: 'Standard deviation of the cosines of an image’s masks, mean over the images: large where some masks say much of the image and others little. 0 with one mask.',
      apart: true,
    },
    {
      key: 'targetDeviation',
      label: 'Target deviation',
      help: 'Standard deviation of the unit-norm targets over the images of the batch, mean over their channels. Healthy: about 1 / √channels; 0 when every image gets the same target (collapse).',
      apart: true,
    },
  ],
}
