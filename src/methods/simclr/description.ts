import type { MethodDescription } from '../description.ts'
import { hostConstraints } from '../dilemma/constraints.ts'
import { hostTraits } from '../dilemma/family.ts'
import { dilemmaMetrics } from '../dilemma/metrics.ts'
import { planOf } from '../dilemma/plan.ts'
import { hostRepresentations } from '../dilemma/representations.ts'
import { detectionTables } from '../dilemma/tables.ts'
import { dilemmaWarnings } from '../dilemma/warnings.ts'
import { chance } from './chance.ts'
import { offered } from './offered.ts'
import { presets } from './presets.ts'
import { simclrTable } from './settings.ts'
import { warnings } from './warnings.ts'

/** SimCLR: a Simple framework for Contrastive Learning of visual Representations (Chen et al., ICML 2020), with DILEMMA on top. */
export const simclr: MethodDescription = {
  id: 'simclr',
  name: 'SimCLR',
  summary:
    'Pulls what one network makes of two views of an image together, and apart from all other views of the batch; with DILEMMA it sees few patches, some in wrong places, and must find these out.',
  paper: {
    title: 'A Simple Framework for Contrastive Learning of Visual Representations',
    authors: 'Chen, Kornblith, Norouzi, Hinton',
    venue: 'ICML 2020',
    url: 'https://arxiv.org/abs/2002.05709',
  },
  ...hostTraits,
  table: simclrTable,
  constraints: hostConstraints(simclrTable),
  presets,
  representations: hostRepresentations(offered),
  comparisons: () => import('./comparisons.ts'),
  warnings: (values, settings, step) => [
    ...warnings(values, settings, step),
    ...dilemmaWarnings(values, settings, step),
  ],
  hasTeacher: false,
  hasSimilarity: true,
  tables: detectionTables,
  tokenCounts: (settings) => {
    const { cells, kept } = planOf(settings)
    const unmasked = { label: 'two whole views', teacher: 0, student: 2 * cells }
    return { teacher: 0, student: kept + (settings.denseView ? cells : kept), unmasked }
  },
  metrics: [
    {
      key: 'loss',
      label: 'Loss',
      help: 'NT-Xent: cross-entropy of a view’s other view among all others of the batch, mean over all 2 N views (the official code adds up the two halves, which is twice as much); with DILEMMA, plus λ × the detection loss.',
      reference: (settings) => (settings.dilemma ? null : chance(settings)),
    },
    ...dilemmaMetrics.map((metric) =>
      metric.key === 'hostLoss' ? { ...metric, reference: chance } : metric,
    ),
    {
      key: 'cosine',
      label: 'Cosine of positives',
      help: 'Cosine between the projections of an image’s two views, mean over the images.',
      apart: true,
    },
    {
      key: 'accuracy',
      label: 'Contrastive accuracy',
      help: 'Share of the views to which, of all others of the batch, the other one of their image is the nearest.',
      apart: true,
      reference: ({ batchSize }) => ({ label: 'Chance', value: 1 / (2 * Number(batchSize) - 1) }),
    },
    {
      key: 'deviation',
      label: 'Projection deviation',
      help: 'Standard deviation of the unit-norm projections of the second view over the images of the batch, mean over their channels. Healthy: about 1 / √channels; 0 when every image gets the same one (collapse).',
      apart: true,
    },
  ],
}
