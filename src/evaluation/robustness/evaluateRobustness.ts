import { IMAGE_SIZE } from '../../data/images.ts'
import type { Normalisation } from '../../data/viewBatch.ts'
import type { RobustnessPoint, RobustnessResult } from '../../results.ts'
import { accuracyOf, predictedClasses } from '../classification.ts'
import type { Job } from '../job.ts'
import { labelsOf } from '../labels.ts'
import { trainedProbe } from '../linear/trainedProbe.ts'
import type { Snapshot } from '../snapshot.ts'
import { commonSettings } from '../subject.ts'
import {
  edgesOnly,
  patchesFilled,
  patchesShuffled,
  positionsPermuted,
  positionsRemoved,
  silhouetteOnly,
  tokensRemoved,
  type Patches,
} from './disturbances.ts'
import { accuraciesOf, slicesOf, type Trial, type TrialGroup, type TrialParts } from './trials.ts'

/** Shares of the patches that go, in percent, and cells a side of shuffled grids; 0 and 1 are the clean image. */
const SHARES = [10, 20, 30, 40, 50, 60, 70, 80, 90]
const GRIDS = [2, 4, 8]

/**
 * How much of its accuracy the linear probe of a snapshot keeps when the first `robustnessTest` test images are disturbed:
 * patch tokens left out, patches filled with the mean colour (the same ones), cells of the image shuffled, position
 * embeddings permuted or left out, only edges or a silhouette shown. The probe is that of `trainedProbe`, trained on undisturbed images. Throws as
 * `trainedProbe`.
 */
export async function* evaluateRobustness(
  snapshot: Snapshot,
  { representation }: { readonly representation: string },
): Job<RobustnessResult> {
  const { description, method, settings, test } = snapshot.subject
  const { robustnessTest, seed } = commonSettings(snapshot.subject)
  const testImages = Math.min(robustnessTest, test.host.count)
  const labels = labelsOf(test.host, testImages, 'test images')
  const { probe } = yield* trainedProbe(snapshot, representation)
  const clean = yield* cleanAccuracy({ snapshot, representation, probe, labels })

  const size = description.patchSize(settings)
  const hasTokens = description.hasTokens(settings)
  const patches = { cells: (IMAGE_SIZE / size) ** 2, size }
  const groups = groupsOf(seed, patches, hasTokens, method.normalisation)
  const all = Object.values(groups).flat()
  const total = slicesOf(all, testImages)
  const points = new Map<TrialGroup, readonly RobustnessPoint[]>()
  for (const group of all) {
    const done = slicesOf([...points.keys()], testImages)
    const parts = { snapshot, representation, probe, labels }
    points.set(group, yield* accuraciesOf(parts, group, done, total))
  }
  const found = (some: readonly TrialGroup[]): RobustnessPoint[] =>
    some.flatMap((group) => points.get(group)!)
  const [permuted, removed] = found(groups.positions)
  const [edges, silhouette] = found(groups.drawn)
  return {
    kind: 'robustness',
    representation,
    clean,
    tokensRemoved: hasTokens ? [{ amount: 0, accuracy: clean }, ...found(groups.tokens)] : null,
    patchesFilled: [{ amount: 0, accuracy: clean }, ...found(groups.filled)],
    patchesShuffled: [{ amount: 1, accuracy: clean }, ...found(groups.shuffled)],
    positions:
      permuted && removed ? { permuted: permuted.accuracy, removed: removed.accuracy } : null,
    outlines: { edges: edges!.accuracy, silhouette: silhouette!.accuracy },
    testImages,
  }
}

/** What is tried; each list in the order of its results. */
function groupsOf(
  seed: number,
  patches: Patches,
  hasTokens: boolean,
  normalisation: Normalisation,
): Record<'tokens' | 'filled' | 'shuffled' | 'positions' | 'drawn', readonly TrialGroup[]> {
  const alone = (stage: string, trial: Trial): TrialGroup => ({ stage, trials: [trial] })
  const tokens = SHARES.map((amount) =>
    alone('Patch tokens left out', { amount, disturbance: tokensRemoved(seed, amount, patches) }),
  )
  const positions = [
    { amount: 1, disturbance: positionsPermuted(seed, patches) },
    { amount: 0, disturbance: positionsRemoved },
  ].map((trial) => alone('Positions permuted or left out', trial))
  const filled = SHARES.map((amount) => ({
    amount,
    disturbance: patchesFilled(seed, amount, patches),
  }))
  const shuffled = GRIDS.map((amount) => ({ amount, disturbance: patchesShuffled(seed, amount) }))
  const drawn = [edgesOnly, silhouetteOnly].map((only, amount) => ({
    amount,
    disturbance: only(normalisation),
  }))
  return {
    tokens: hasTokens ? tokens : [],
    filled: [{ stage: 'Patches filled', trials: filled }],
    shuffled: [{ stage: 'Patches shuffled', trials: shuffled }],
    positions: hasTokens ? positions : [],
    drawn: [{ stage: 'Edges and silhouettes', trials: drawn }],
  }
}

/** Accuracy on undisturbed images, whose features the snapshot has or keeps. */
async function* cleanAccuracy({
  snapshot,
  representation,
  probe,
  labels,
}: TrialParts): Job<number> {
  const stage = 'Test features'
  const banks = yield* snapshot.features('test', labels.length, [representation], stage)
  const progress = { stage, done: labels.length, total: labels.length }
  const logits = yield* probe.logits(banks.get(representation)!, labels.length, progress)
  return accuracyOf(predictedClasses(logits), labels)
}
