import { randomAt, Stream } from '../../engine/random.ts'
import type { FinetuneResult } from '../../results.ts'
import type { Job } from '../job.ts'
import { labelsOf } from '../labels.ts'
import { checkRepresentation } from '../representations.ts'
import type { Snapshot } from '../snapshot.ts'
import { commonSettings } from '../subject.ts'
import { anatomyOf } from './anatomy.ts'
import { labelledImages } from './labelled.ts'
import { FinetuneNetwork } from './network.ts'
import { pretrainedSpecs, scratchSpecs } from './specs.ts'
import {
  stepsPerEpoch,
  trainClassifier,
  trainNetwork,
  type FinetunePlan,
  type NetworkTraining,
} from './training.ts'

/**
 * Fine-tuning: the whole network below a representation is trained on to tell the classes apart, from a copy of the
 * snapshot's weights (the teacher's, for a representation of the teacher), with a share of the labels; then the same network from its initial weights, on the same batches,
 * with one learning rate everywhere. A batch holds at most the labelled images that there are.
 * @throws PeekabooError `setting-invalid` for a representation that the network does not have, and for images without
 * labels; `diverged` when a loss is not finite
 */
export async function* evaluateFinetune(
  snapshot: Snapshot,
  { representation }: { readonly representation: string },
): Job<FinetuneResult> {
  const { subject, weights } = snapshot
  checkRepresentation(subject, representation)
  const common = commonSettings(subject)
  const plan = planOf(snapshot, representation)
  const anatomy = anatomyOf(subject, weights, representation, plan.batch)
  const scratchFrom = scratchSpecs(subject, anatomy, common.seed)
  const pretrainedFrom = pretrainedSpecs(
    subject,
    scratchFrom,
    await weightsOf(snapshot, representation),
    common.finetuneLayerDecay,
  )
  const pretrained = yield* trainClassifier(plan, pretrainedFrom, 'pretrained')
  const scratch = common.finetuneScratch
    ? yield* trainClassifier(plan, scratchFrom, 'scratch')
    : null
  return {
    kind: 'finetune',
    representation,
    labels: Number(common.finetuneLabels),
    trainImages: plan.labelled.length,
    testImages: plan.testLabels.length,
    steps: plan.steps,
    pretrained,
    scratch,
  }
}

/**
 * Only the second of these networks, which the one who asks frees: it depends on nothing that pretraining has learned.
 * Throws as `evaluateFinetune`.
 */
export async function* trainFromScratch(
  snapshot: Snapshot,
  representation: string,
): Job<NetworkTraining> {
  const { subject, weights } = snapshot
  checkRepresentation(subject, representation)
  const plan = planOf(snapshot, representation)
  const anatomy = anatomyOf(subject, weights, representation, plan.batch)
  const specs = scratchSpecs(subject, anatomy, commonSettings(subject).seed)
  return yield* trainNetwork(plan, specs, 'scratch')
}

/** @throws PeekabooError `setting-invalid` for images without labels */
function planOf({ subject, weights }: Snapshot, representation: string): FinetunePlan {
  const { method, train, test } = subject
  const common = commonSettings(subject)
  const { probeTrain, probeTest, finetuneBatch, finetuneEpochs: epochs } = common
  const available = Math.min(probeTrain, train.host.count)
  const trainLabels = labelsOf(train.host, available, 'training images')
  const testLabels = labelsOf(test.host, Math.min(probeTest, test.host.count), 'test images')
  // Seeds of its own: fine-tuning repeats neither the order nor the crops of pretraining.
  const seed = randomAt(common.seed, Stream.finetune).word()
  const labelled = labelledImages(trainLabels, Number(common.finetuneLabels), seed)
  const batch = Math.min(finetuneBatch, labelled.length)
  const network = new FinetuneNetwork(method, representation, weights)
  const steps = epochs * stepsPerEpoch({ labelled, batch })
  return { subject, network, labelled, testLabels, batch, epochs, steps, seed }
}

/** The weights of the network that a representation looks at, by name, read back. */
function weightsOf(
  { subject: { description, settings }, weights }: Snapshot,
  representation: string,
): Promise<ReadonlyMap<string, Float32Array>> {
  const { network } = description.representations(settings).find(({ id }) => id === representation)!
  const { teacher } = weights
  if (network !== 'teacher') return weights.read()
  if (teacher === undefined) throw new Error(`${description.name} has no teacher`)
  return teacher.read()
}
