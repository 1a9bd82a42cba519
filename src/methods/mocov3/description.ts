import type { MethodDescription } from '../description.ts'
import { hostTraits } from '../dilemma/family.ts'
import { dilemmaMetrics } from '../dilemma/metrics.ts'
import { planOf } from '../dilemma/plan.ts'
import { detectionTables } from '../dilemma/tables.ts'
import { dilemmaWarnings } from '../dilemma/warnings.ts'
import { hostConstraints } from '../dilemma/constraints.ts'
import { hostRepresentations } from '../dilemma/representations.ts'
import { chance } from './chance.ts'
import { presets } from './presets.ts'
import { offered } from './offered.ts'
import { mocov3Table } from './settings.ts'
import { warnings } from './warnings.ts'

/** MoCo-v3: Momentum Contrast for vision transformers (Chen et al., ICCV 2021), with DILEMMA on top. */
export const mocov3: MethodDescription = {
  id: 'mocov3',
  name: 'MoCo-v3',
  summary:
    'Has a student find, for every image, what a slow copy of itself makes of another view of it among those of all others; patches in wrong places are to be found out besides.',
  paper: {
    title: 'An Empirical Study of Training Self-Supervised Vision Transformers',
    authors: 'Chen, Xie, He',
    venue: 'ICCV 2021',
    url: 'https://arxiv.org/abs/2104.02057',
  },
  ...hostTraits,
  table: mocov3Table,
  constraints: hostConstraints(mocov3Table),
  presets,
  representations: hostRepresentations(offered),
  comparisons: () => import('./comparisons.ts'),
  warnings: (values, settings, step) => [
    ...warnings(values, settings, step),
    ...dilemmaWarnings(values, settings, step),
  ],
  hasTeacher: true,
  hasSimilarity: true,
  tables: detectionTables,
  tokenCounts: (settings) => {
    const { cells, kept } = planOf(settings)
    const unmasked = { label: 'two whole views', teacher: 2 * cells, student: 2 * cells }
    return { teacher: 2 * cells, student: 2 * kept, unmasked }
  },
  metrics: [
    {
      key: 'loss',
      label: 'Loss',
      help: 'The contrastive loss both ways, each 2 × temperature × cross-entropy of an image’s own key among those of the batch; with DILEMMA, plus λ × the detection loss.',
      reference: (settings) => (settings.dilemma ? null : chance(settings)),
    },
    ...dilemmaMetrics.map((metric) =>
      metric.key === 'hostLoss' ? { ...metric, reference: chance } : metric,
    ),
    {
      key: 'cosine',
      label: 'Cosine of positives',
      help: 'Cosine between a query and its own image’s key in the other view, mean over images and both ways.',
      apart: true,
    },
    {
      key: 'accuracy',
      label: 'Contrastive accuracy',
      help: 'Share of the queries to which, of all keys of the batch, that of their own image is the nearest.',
      apart: true,
      reference: ({ batchSize }) => ({ label: 'Chance', value: 1 / Number(batchSize) }),
    },
    {
      key: 'keyDeviation',
      label: 'Key deviation',
      help: 'Standard deviation of the unit-norm keys over the images of the batch, mean over their channels. Healthy: about 1 / √channels; 0 when every image gets the same key (collapse).',
      apart: true,
    },
  ],
}
