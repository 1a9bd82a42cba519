import type { LinearResult } from '../../results.ts'
import type { Job } from '../job.ts'
import { labelsOf } from '../labels.ts'
import { checkRepresentation } from '../representations.ts'
import type { Snapshot } from '../snapshot.ts'
import { commonSettings, type Subject } from '../subject.ts'
import type { LinearProbe } from './linearProbe.ts'
import { trainProbe, type ProbeOptions } from './trainProbe.ts'

/** A probe that was trained on a snapshot, and what it does. */
export interface TrainedProbe {
  readonly probe: LinearProbe
  readonly result: LinearResult
}

/** A probe that is kept, and what it was trained on and how. */
interface KeptProbe {
  readonly key: string
  readonly trained: TrainedProbe
}

/** The last probe of every representation of a snapshot. */
const probes = new WeakMap<Snapshot, Map<string, KeptProbe>>()

/**
 * The linear probe of a representation of a snapshot: trained at the first call, the same one from then on, unless the
 * settings have changed. The snapshot owns it; another probe of the same representation takes its place.
 * @throws PeekabooError `setting-invalid` for a representation that the network has not, for images without labels, and
 * for fewer than two training images; `diverged` when the loss is not finite
 */
export async function* trainedProbe(snapshot: Snapshot, representation: string): Job<TrainedProbe> {
  const { engine, train, test } = snapshot.subject
  checkRepresentation(snapshot.subject, representation)
  const common = commonSettings(snapshot.subject)
  const trainImages = Math.min(common.probeTrain, train.host.count)
  const testImages = Math.min(common.probeTest, test.host.count)
  const recipe = probeOptions(snapshot.subject)
  const { statistics } = snapshot
  const key = JSON.stringify({ trainImages, testImages, statistics, ...recipe })
  const known = probesOf(snapshot).get(representation)
  if (known?.key === key) return known.trained
  const trainLabels = labelsOf(train.host, trainImages, 'training images')
  const testLabels = labelsOf(test.host, testImages, 'test images')
  const wanted = [representation]
  const ofTrain = yield* snapshot.features('train', trainImages, wanted, 'Training features')
  const ofTest = yield* snapshot.features('test', testImages, wanted, 'Test features')
  const { probe, classification } = yield* trainProbe(
    engine,
    { bank: ofTrain.get(representation)!, rows: trainImages, labels: trainLabels },
    { bank: ofTest.get(representation)!, rows: testImages, labels: testLabels },
    recipe,
  )
  const sizes = { trainImages, testImages }
  const result = { kind: 'linear', representation, ...classification, ...sizes } as const
  const trained: TrainedProbe = { probe, result }
  // No evaluation uses the old one: a snapshot serves one at a time.
  known?.trained.probe.dispose()
  probesOf(snapshot).set(representation, { key, trained })
  return trained
}

/** How the settings want probes to be trained. */
export function probeOptions(subject: Pick<Subject, 'settings'>): ProbeOptions {
  const common = commonSettings(subject)
  return {
    seed: common.seed,
    epochs: common.probeEpochs,
    batch: common.probeBatch,
    learningRate: common.probeLearningRate,
    weightDecay: common.probeWeightDecay,
  }
}

function probesOf(snapshot: Snapshot): Map<string, KeptProbe> {
  const known = probes.get(snapshot)
  if (known) return known
  const kept = new Map<string, KeptProbe>()
  probes.set(snapshot, kept)
  snapshot.onDispose(() => {
    for (const { trained } of kept.values()) trained.probe.dispose()
    kept.clear()
  })
  return kept
}
