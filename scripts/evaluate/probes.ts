import type { EvaluationRequest } from '../../src/results.ts'
import type { EvaluationSettings } from '../../src/settings/evaluation.ts'
import type { SettingValues } from '../../src/settings/rows.ts'
import { testImagesFor } from '../../src/worker/evaluationNeeds.ts'

/** What the command can do with a checkpoint, in the order in which it does it. */
export const PROBES = [
  'knn',
  'linear',
  'finetune',
  'robustness',
  'detection',
  'shapes',
  'interactions',
] as const

/** One of `PROBES`. */
export type Probe = (typeof PROBES)[number]

/** The evaluation that a probe asks for. k-NN looks at all representations that are watched online, detection at none. */
export const requestOf = (
  probe: Probe,
  representation: string,
): Extract<EvaluationRequest, { readonly kind: Probe }> =>
  probe === 'knn' || probe === 'detection' ? { kind: probe } : { kind: probe, representation }

/** How many of the first images of each split the probes look at, those for the statistics of batch norm among them. */
export function imagesFor(
  probes: readonly Probe[],
  settings: SettingValues,
): { readonly train: number; readonly test: number } {
  const { knnBank, probeTrain, shapesTrain, statisticsImages } = settings as EvaluationSettings
  const wanted = { knn: knnBank, detection: 1, shapes: shapesTrain } as const
  const train = probes.map((probe) =>
    probe in wanted ? wanted[probe as keyof typeof wanted] : probeTrain,
  )
  const test = probes.map((probe) => testImagesFor(requestOf(probe, ''), settings))
  return { train: Math.max(statisticsImages, ...train), test: Math.max(...test) }
}
