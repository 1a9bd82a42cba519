import type { MethodDescription, MetricDescription } from '../description.ts'
import { dilemmaMetrics } from '../dilemma/metrics.ts'
import { detectionTables } from '../dilemma/tables.ts'

const logOf = (prototypes: unknown): number => Math.log(Number(prototypes))

/** What a step reports (spec section 12). */
export const metrics: readonly MetricDescription[] = [
  {
    key: 'loss',
    label: 'Loss',
    help: 'Cross-entropy of what the student says of a crop with what the teacher says of another, mean over all pairs; with DILEMMA, plus λ × the detection loss. It is the teacher’s entropy plus the divergence: a low one alone says nothing.',
  },
  ...dilemmaMetrics,
  {
    key: 'teacherEntropy',
    label: 'Teacher entropy',
    help: 'Mean entropy of the teacher’s centred and sharpened answers. It begins near ln K, where all prototypes are alike to it, and falls as it becomes sure. ln K for good, or 0 with hardly a prototype in use: collapse.',
    apart: true,
    reference: ({ prototypes }) => ({ label: 'ln K', value: logOf(prototypes) }),
  },
  {
    key: 'divergence',
    label: 'Divergence',
    help: 'How far the student’s answers are from the teacher’s: host loss − teacher entropy, a Kullback-Leibler divergence. It stays above 0 while there is something to learn; 0 is collapse.',
    apart: true,
  },
  {
    key: 'prototypesInUse',
    label: 'Prototypes in use',
    help: 'exp of the entropy of the teacher’s mean answer over the batch: how many prototypes are used, if all alike. At most K; 1 where every image gets the same.',
    apart: true,
    reference: ({ prototypes }) => ({ label: 'K', value: Number(prototypes) }),
  },
  {
    key: 'centreNorm',
    label: 'Centre norm',
    help: 'Length of the centre, the running mean of the teacher’s logits. It grows where these have much in common.',
    apart: true,
  },
]

/** The tables of a step: which prototypes are used, and those of the detection. */
export const tables: NonNullable<MethodDescription['tables']> = (settings) => {
  const prototypes = Number(settings.prototypes)
  return [
    {
      key: 'prototypes',
      label: 'Prototypes',
      help: 'Share of each prototype in the teacher’s answers, mean over both global crops of all images. Even use is 1 / K for each; a few that take it all are a collapse to these.',
      kind: 'shares',
      columns: { label: 'Prototype', at: Array.from({ length: prototypes }, (_, i) => i + 1) },
      reference: { label: '1 / K', value: 1 / prototypes },
    },
    ...detectionTables(settings),
  ]
}
