import type * as tf from '@tensorflow/tfjs'
import type { InteractionCurve } from '../../results.ts'
import { trainFromScratch } from '../finetune/finetune.ts'
import type { Job } from '../job.ts'
import { trainedProbe } from '../linear/trainedProbe.ts'
import { Snapshot } from '../snapshot.ts'

/** A network that classifies images; whoever gets it frees it. */
export interface Classifier {
  /** On the test images, in percent. */
  readonly accuracy: number
  /** Logits [B, CLASSES] of normalised views [B, 32, 32, 3]: pure tensor maths. */
  readonly classify: (views: tf.Tensor4D) => tf.Tensor2D
  readonly dispose: () => void
}

/** How each of the classifiers is made whose interactions are measured. All throw as `trainedProbe`. */
export const classifiers: Readonly<
  Record<
    InteractionCurve['network'],
    (snapshot: Snapshot, representation: string) => Job<Classifier>
  >
> = {
  trained: probed,

  async *untrained({ subject }, representation) {
    const initial = new Snapshot(subject, { step: 0, epoch: 0, seconds: 0 }, null)
    const dispose = (): void => initial.dispose()
    let made: Classifier | null = null
    try {
      made = { ...(yield* probed(initial, representation)), dispose }
      return made
    } finally {
      if (made === null) dispose()
    }
  },

  async *supervised(snapshot, representation) {
    const { network, classification } = yield* trainFromScratch(snapshot, representation)
    return {
      accuracy: classification.testAccuracy,
      classify: (views) => network.classify(views),
      dispose: () => network.dispose(),
    }
  },
}

/** The encoder with a linear probe, which the snapshot owns. */
async function* probed(snapshot: Snapshot, representation: string): Job<Classifier> {
  const { probe, result } = yield* trainedProbe(snapshot, representation)
  const { method, settings } = snapshot.subject
  const { weights } = snapshot
  const wanted = { wanted: [representation] }
  return {
    accuracy: result.testAccuracy,
    classify: (views) =>
      probe.classify(method.features(settings, views, weights, wanted).features[0]!),
    dispose: () => undefined,
  }
}
