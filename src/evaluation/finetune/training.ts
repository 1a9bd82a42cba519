import { BatchSequence, startCursor } from '../../data/order.ts'
import type { ParameterSpec } from '../../engine/parameters.ts'
import type { Classification, CurvePoint, EvaluationProgress } from '../../results.ts'
import { accuracyOf, classificationOf, predictedClasses } from '../classification.ts'
import type { Job } from '../job.ts'
import { TrainedNetwork, type NetworkParts } from './trainedNetwork.ts'

/** Epochs after which the test images are classified, at most; the last one is among them. */
const MOST_TESTS = 10

const STAGES = { pretrained: 'Fine-tuning', scratch: 'Training from scratch' }

/** What the trainings that are compared have in common. */
export interface FinetunePlan extends NetworkParts {
  /** The training images whose labels are used. */
  readonly labelled: Uint32Array
  /** Labels of the test images, which are the first ones. */
  readonly testLabels: Uint8Array
  readonly batch: number
  readonly epochs: number
}

/** Whole batches of an epoch. */
export const stepsPerEpoch = ({
  labelled,
  batch,
}: Pick<FinetunePlan, 'labelled' | 'batch'>): number => Math.floor(labelled.length / batch)

/** A network that was trained, and what it does; whoever gets it frees the network. */
export interface NetworkTraining {
  readonly network: TrainedNetwork
  readonly classification: Classification
}

/** Trains a network as `trainNetwork` does, and frees it. */
export async function* trainClassifier(
  ...wanted: Parameters<typeof trainNetwork>
): Job<Classification> {
  const { network, classification } = yield* trainNetwork(...wanted)
  network.dispose()
  return classification
}

/**
 * Trains a network on the labelled images, a step a slice. It is tested in the course of it, evenly over the epochs: that
 * is what points of the curve are. Images that do not fill a batch are left out of their epoch.
 * @param specs the trained parameters with their initial values and learning rate scales
 * @throws PeekabooError `diverged` when the loss is not finite
 */
export async function* trainNetwork(
  plan: FinetunePlan,
  specs: readonly ParameterSpec[],
  curve: 'pretrained' | 'scratch',
): Job<NetworkTraining> {
  const { steps, labelled, testLabels, batch, epochs, seed } = plan
  const stage = STAGES[curve]
  const batches = new BatchSequence(labelled.length, batch, seed)
  const perEpoch = stepsPerEpoch(plan)
  const drawn = yield* drawInitial(specs, { stage, done: 0, total: steps })
  const network = new TrainedNetwork(plan, drawn)
  let finished = false
  try {
    const points: CurvePoint[] = []
    let logits: Float32Array = new Float32Array()
    let cursor = startCursor
    for (let epoch = 1; epoch <= epochs; epoch++) {
      const sum = { loss: 0, correct: 0 }
      for (let done = (epoch - 1) * perEpoch; done < epoch * perEpoch; done++) {
        const { indices, next } = batches.nextBatch(cursor)
        cursor = next
        const { loss, correct } = await network.step(
          indices.map((place) => labelled[place]!),
          done,
        )
        sum.loss += loss
        sum.correct += correct
        yield { stage, done: done + 1, total: steps }
      }
      if (!isTested(epoch, epochs)) continue
      const progress = { stage, done: epoch * perEpoch, total: steps }
      logits = yield* network.logits(testLabels.length, progress)
      const point = {
        epoch,
        loss: sum.loss / perEpoch,
        trainAccuracy: (100 * sum.correct) / (perEpoch * batch),
        testAccuracy: accuracyOf(predictedClasses(logits), testLabels),
      }
      points.push(point)
      yield { ...progress, point: { ...point, curve } }
    }
    const { trainAccuracy } = points.at(-1)!
    const classification = classificationOf(points, trainAccuracy, logits, testLabels)
    finished = true
    return { network, classification }
  } finally {
    if (!finished) network.dispose()
  }
}

/**
 * Draws the initial values of parameters, one parameter a slice: those of a large network take seconds.
 * @param progress what every slice reports
 */
function* drawInitial(
  specs: readonly ParameterSpec[],
  progress: EvaluationProgress,
): Generator<EvaluationProgress, readonly ParameterSpec[]> {
  const drawn: ParameterSpec[] = []
  for (const spec of specs) {
    const values = spec.initial()
    drawn.push({ ...spec, initial: () => values })
    yield progress
  }
  return drawn
}

/** Whether the test images are classified after an epoch (from 1). */
export function isTested(epoch: number, epochs: number): boolean {
  const tests = Math.min(MOST_TESTS, epochs)
  const testsUntil = (done: number): number => Math.floor((done * tests) / epochs)
  return testsUntil(epoch) > testsUntil(epoch - 1)
}
