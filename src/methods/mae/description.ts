import type { MethodDescription } from '../description.ts'
import { hostTraits } from '../dilemma/family.ts'
import { dilemmaMetrics } from '../dilemma/metrics.ts'
import { planOf } from '../dilemma/plan.ts'
import { hostRepresentations } from '../dilemma/representations.ts'
import { detectionTables } from '../dilemma/tables.ts'
import { zeroPrediction } from '../zeroPrediction.ts'
import { constraints } from './constraints.ts'
import { offered } from './offered.ts'
import { presets } from './presets.ts'
import { maeTable, type MaeSettings } from './settings.ts'
import { warnings } from './warnings.ts'

/** What a token costs in the decoder, in tokens of the encoder: layers of dense layers of its width squared. */
const decoderShare = ({ width, depth, decoderWidth, decoderDepth }: MaeSettings): number =>
  (decoderDepth * decoderWidth ** 2) / (depth * width ** 2)

const reference = (settings: Parameters<MethodDescription['patchSize']>[0]) =>
  zeroPrediction(settings as MaeSettings)

/** MAE: Masked Autoencoders (He et al., CVPR 2022), with DILEMMA on top. */
export const mae: MethodDescription = {
  id: 'mae',
  name: 'MAE',
  summary:
    'Encodes the few patches that are not masked and has a light decoder paint the others; with DILEMMA some of the visible ones claim wrong places, and the encoder must find these out.',
  paper: {
    title: 'Masked Autoencoders Are Scalable Vision Learners',
    authors: 'He, Chen, Xie, Li, Dollár, Girshick',
    venue: 'CVPR 2022',
    url: 'https://arxiv.org/abs/2111.06377',
  },
  ...hostTraits,
  table: maeTable,
  constraints,
  presets,
  representations: hostRepresentations(offered),
  comparisons: () => import('./comparisons.ts'),
  warnings,
  tables: detectionTables,
  hasTeacher: false,
  tokenCounts: (settings) => {
    const { cells, kept } = planOf(settings)
    const ofDecoder = cells * decoderShare(settings as MaeSettings)
    const tokens = (ofEncoder: number): number => Math.round(ofEncoder + ofDecoder)
    return {
      teacher: 0,
      student: tokens(kept),
      unmasked: { label: 'all patches in the encoder', teacher: 0, student: tokens(cells) },
    }
  },
  metrics: [
    {
      key: 'loss',
      label: 'Loss',
      help: 'Mean squared error over the masked patches, each counted alike; with DILEMMA, plus λ × the detection loss. Losses of other targets cannot be compared.',
      reference: (settings) => (settings.dilemma ? null : reference(settings)),
    },
    ...dilemmaMetrics.map((metric) =>
      metric.key === 'hostLoss'
        ? {
            ...metric,
            label: 'Reconstruction',
            help: 'MAE’s own part of the total: the mean squared error over the masked patches, painted from patches of which some claimed wrong places.',
            reference,
          }
        : metric,
    ),
  ],
}
