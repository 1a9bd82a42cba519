import type { Engine } from '../../src/engine/engine.ts'
import { classifiers } from '../../src/evaluation/interactions/classifiers.ts'
import { MaskedPass } from '../../src/evaluation/interactions/maskedPass.ts'
import { interactionOrders } from '../../src/evaluation/interactions/orders.ts'
import { rewardOf } from '../../src/evaluation/interactions/rewards.ts'
import { rightImages } from '../../src/evaluation/interactions/rightImages.ts'
import { drawnSample, rowsOf, type SamplePlan } from '../../src/evaluation/interactions/sampling.ts'
import { finish } from '../../src/evaluation/job.ts'
import { labelsOf } from '../../src/evaluation/labels.ts'
import { commonSettings } from '../../src/evaluation/subject.ts'
import { recommendedFor } from '../../src/methods/description.ts'
import type { EvaluationProgress } from '../../src/results.ts'
import type { Plan } from '../evaluate/plan.ts'
import { snapshotOf } from '../evaluate/snapshotOf.ts'
import { subjectOf } from '../evaluate/subject.ts'
import type { MeasuredSample } from './interactionBudget.ts'

/** What was measured of a checkpoint. */
export interface Measurement {
  readonly sample: MeasuredSample
  /** Of the linear probe on the test images, in percent. */
  readonly accuracy: number
  /** Masked images a second. */
  readonly pace: number
}

/**
 * Measures the encoder of a checkpoint with the budget of its plan's settings, and keeps every reward.
 * @param tell is told how far it has come
 */
export async function measureSample(
  engine: Engine,
  plan: Plan,
  images: Parameters<typeof subjectOf>[2],
  tell: (progress: EvaluationProgress) => void,
): Promise<Measurement> {
  const subject = await subjectOf(engine, plan, images)
  const snapshot = snapshotOf(subject, plan)
  await finish(snapshot.prepare(), tell)
  const { id } = recommendedFor(plan.description.representations(plan.settings), 'interactions')
  const { accuracy, classify } = await finish(classifiers.trained(snapshot, id), tell)
  const common = commonSettings(subject)
  const grid = Number(common.interactionGrid)
  const sample: SamplePlan = {
    seed: plan.seed,
    grid,
    orders: interactionOrders(grid ** 2, common.interactionOrders),
    pairs: common.interactionPairs,
    contexts: common.interactionContexts,
  }
  const sampling = drawnSample(sample)
  const labels = labelsOf(images.train, images.train.count, 'training images')
  const pass = new MaskedPass(subject, grid, classify)
  const stage = 'Images that are classified correctly'
  const wanted = { wanted: common.interactionImages, cells: grid ** 2, stage }
  const chosen = await finish(rightImages(pass, labels, wanted), tell)
  const total = chosen.length * sampling.rows
  const rewards = chosen.map(() => new Float64Array(sampling.rows))
  const began = performance.now()
  for (const [at, image] of chosen.entries()) {
    const take = (logits: Float32Array, row: number): void => {
      rewards[at]![row] = rewardOf(common.interactionReward, logits, labels[image]!)
    }
    const progressAt = (done: number): EvaluationProgress => ({
      ...{ stage: 'Masked images', done: at * sampling.rows + done, total },
    })
    await finish(pass.run(rowsOf(sampling, image), take, progressAt), tell)
  }
  const seconds = (performance.now() - began) / 1000
  pass.dispose()
  snapshot.dispose()
  return { sample: { plan: sample, rewards }, accuracy, pace: total / seconds }
}
