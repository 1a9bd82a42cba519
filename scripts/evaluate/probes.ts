import type { EvaluationRequest } from '../../src/results.ts'
import type { EvaluationSettings } from '../../src/settings/evaluation.ts'

/** What the command can do with a checkpoint, in the order in which it does it. */
export const PROBES = ['knn', 'linear', 'finetune', 'robustness'] as const

/** One of `PROBES`. */
export type Probe = (typeof PROBES)[number]

/** What each probe is called. */
export const probeNames: Readonly<Record<Probe, string>> = {
  knn: 'k-NN',
  linear: 'Linear probe',
  finetune: 'Fine-tuning',
  robustness: 'Robustness',
}

/** The evaluation that a probe asks for. k-NN looks at all representations that are watched online. */
export const requestOf = (
  probe: Probe,
  representation: string,
): Extract<EvaluationRequest, { readonly kind: Probe }> =>
  probe === 'knn' ? { kind: probe } : { kind: probe, representation }

/** How many of the first images of each split the probes look at. */
export function imagesFor(
  probes: readonly Probe[],
  { knnBank, knnTest, probeTrain, probeTest, robustnessTest }: EvaluationSettings,
): { readonly train: number; readonly test: number } {
  const needs: Readonly<Record<Probe, readonly [train: number, test: number]>> = {
    knn: [knnBank, knnTest],
    linear: [probeTrain, probeTest],
    finetune: [probeTrain, probeTest],
    // Disturbs images before a linear probe, which it trains first.
    robustness: [probeTrain, Math.max(probeTest, robustnessTest)],
  }
  const most = (split: 0 | 1) => Math.max(...probes.map((probe) => needs[probe][split]))
  return { train: most(0), test: most(1) }
}
