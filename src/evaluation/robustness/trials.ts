import type { RobustnessPoint } from '../../results.ts'
import { accuracyOf, predictedClasses } from '../classification.ts'
import { FeatureBank } from '../featureBank.ts'
import { FeatureExtractor } from '../featureExtractor.ts'
import { batchesOf } from '../imagePass.ts'
import type { Job } from '../job.ts'
import type { LinearProbe } from '../linear/linearProbe.ts'
import type { Snapshot } from '../snapshot.ts'
import type { Disturbance } from './disturbances.ts'

/** A disturbance to a degree: see `RobustnessPoint`. */
export interface Trial {
  readonly amount: number
  readonly disturbance: Disturbance
}

/** Trials that differ in values alone, not in what the network is asked: one recorded forward pass serves them all. */
export interface TrialGroup {
  /** In words, for the progress. */
  readonly stage: string
  readonly trials: readonly Trial[]
}

/** What is tried on. */
export interface TrialParts {
  readonly snapshot: Snapshot
  readonly representation: string
  readonly probe: LinearProbe
  /** Classes of the test images to take: the first ones. */
  readonly labels: Uint8Array
}

/** Batches, that is slices, of all trials. */
export const slicesOf = (groups: readonly TrialGroup[], images: number): number =>
  groups.reduce((sum, { trials }) => sum + trials.length, 0) * batchesOf(images).length

/**
 * The accuracy of a probe in each of some trials.
 * @param done slices done before, of `total` that the progress counts
 */
export async function* accuraciesOf(
  { snapshot, representation, probe, labels }: TrialParts,
  { stage, trials }: TrialGroup,
  done: number,
  total: number,
): Job<RobustnessPoint[]> {
  const { engine, method, settings, test } = snapshot.subject
  const extractor = new FeatureExtractor({
    engine,
    method,
    settings,
    parameters: snapshot.weights,
    wanted: [representation],
    showing: trials[0]!.disturbance(0),
  })
  const bank = new FeatureBank(engine, labels.length, probe.width)
  try {
    const points: RobustnessPoint[] = []
    for (const { amount, disturbance } of trials) {
      for (const { first, indices } of batchesOf(labels.length)) {
        await extractor.batch(test.device, indices, [bank], first, disturbance(first))
        yield { stage, done: ++done, total }
      }
      const logits = yield* probe.logits(bank, labels.length, { stage, done, total })
      points.push({ amount, accuracy: accuracyOf(predictedClasses(logits), labels) })
    }
    return points
  } finally {
    bank.dispose()
    extractor.dispose()
  }
}
