import { PeekabooError } from '../../errors.ts'
import type { Detector } from '../../methods/method.ts'
import type { DetectionResult, DetectorReport } from '../../results.ts'
import { batchesOf } from '../imagePass.ts'
import type { Job } from '../job.ts'
import { Snapshot } from '../snapshot.ts'
import { commonSettings, type Subject } from '../subject.ts'
import { detectedTokens, type DetectionTrial } from './detectedTokens.ts'
import { distancesOf, rocOf, scoreOf, type DetectedTokens } from './scores.ts'

/**
 * How well the network of a snapshot tells which patches of the first `detectionTest` test images claim a wrong place,
 * with as many patches left out and as many wrong claims as the run has now: under the run's own way of choosing wrong
 * places and under all others (a detector that lives on duplicate or missing places fails there), and on images without
 * content. The claims are drawn from the seed alone: the same in every evaluation. The untrained network stands beside.
 * @throws PeekabooError `setting-invalid` where nothing detects, or where no place or every place would be wrong;
 * `diverged` where what the network says is no finite number
 */
export async function* evaluateDetection(snapshot: Snapshot): Job<DetectionResult> {
  const { subject, moment } = snapshot
  const detector = detectorOf(subject)
  const testImages = Math.min(commonSettings(subject).detectionTest, subject.test.host.count)
  const trials = trialsOf(detector, detector.policy(subject.settings))
  const isUntrained = moment.step === 0
  const total = batchesOf(testImages).length * trials.length * (isUntrained ? 1 : 2)
  let done = 0
  const detect = ({ weights }: Snapshot, stage: string): Job<DetectedTokens[]> => {
    const progress = () => ({ stage, done: ++done, total })
    return detectedTokens(subject, detector, weights, trials, testImages, progress)
  }
  const found = yield* detect(snapshot, 'Misplaced patches')
  const trained = reportOf(detector, trials, found)
  checkShare(trained)
  const sizes = { testImages, tokens: found[0]!.labels.length / testImages }
  if (isUntrained) return { kind: 'detection', trained, untrained: trained, ...sizes }
  const initial = new Snapshot(subject, { step: 0, epoch: 0, seconds: 0 }, null)
  try {
    yield* initial.prepare()
    const floor = yield* detect(initial, 'Floor: misplaced patches, untrained network')
    const untrained = reportOf(detector, trials, floor)
    return { kind: 'detection', trained, untrained, ...sizes }
  } finally {
    initial.dispose()
  }
}

/** All ways of choosing wrong places, the run's own first; at last that one on images without content. */
const trialsOf = ({ policies }: Detector, own: string): readonly DetectionTrial[] => [
  { policy: own, content: 'images' },
  ...policies.flatMap(({ id }) => (id === own ? [] : [{ policy: id, content: 'images' } as const])),
  { policy: own, content: 'blank' },
]

function reportOf(
  { policies }: Detector,
  trials: readonly DetectionTrial[],
  found: readonly DetectedTokens[],
): DetectorReport {
  const scores = trials.map(({ policy }, i) => ({
    policy,
    label: policies.find(({ id }) => id === policy)!.label,
    ...scoreOf(found[i]!),
  }))
  return {
    scores: scores.slice(0, -1),
    roc: rocOf(found[0]!),
    distances: distancesOf(found[0]!),
    blank: scores.at(-1)!.auroc,
  }
}

function detectorOf({ description, method, settings }: Subject): Detector {
  if (method.detector && description.hasPlaces?.(settings)) return method.detector
  throw new PeekabooError({
    code: 'setting-invalid',
    what: `${description.name} does not look for misplaced patches with these settings.`,
    kept: 'The run is kept; nothing was evaluated.',
    todo: 'Choose a run that was trained to detect them.',
  })
}

function checkShare({ scores }: DetectorReport): void {
  const { misplaced } = scores[0]!
  if (misplaced > 0 && misplaced < 100) return
  throw new PeekabooError({
    code: 'setting-invalid',
    what: `${misplaced === 0 ? 'No patch' : 'Every patch'} of the test images claims a wrong place with these settings: there is nothing to tell apart.`,
    kept: 'The run is kept; nothing was evaluated.',
    todo: 'Change the probability of wrong places, and evaluate again.',
  })
}
