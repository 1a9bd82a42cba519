import type * as tf from '@tensorflow/tfjs'
import type { InteractionCurve, InteractionsResult } from '../../results.ts'
import type { Job } from '../job.ts'
import type { Subject } from '../subject.ts'
import type { ImageInteractions } from './estimate.ts'
import { MaskedPass } from './maskedPass.ts'
import { rewardOf, type Reward } from './rewards.ts'
import { rightImages } from './rightImages.ts'
import { rowsOf, type Sampling } from './sampling.ts'
import { interactionPoints } from './strengths.ts'

/** What is measured of a classifier. */
export interface CurvePlan {
  /** Cells a row and a column. */
  readonly grid: number
  /** Rising. */
  readonly orders: readonly number[]
  readonly reward: Reward
  /** Images that are wanted. */
  readonly images: number
  /** Classes of the images that may be taken: the first ones of the training split. */
  readonly labels: Uint8Array
  readonly sampling: Sampling
}

/** What is found of a classifier. */
export type Curve = Pick<InteractionCurve, 'images' | 'points'>

/**
 * Measures the interactions of a classifier, a batch a slice.
 * @param classify logits [B, CLASSES] of normalised views [B, 32, 32, 3]: pure tensor maths
 * @param whose in words, for the progress
 * @param resultWith what is told after every image
 * @throws PeekabooError `setting-invalid` when it gets too few images right
 */
export async function* curveOf(
  subject: Subject,
  classify: (views: tf.Tensor4D) => tf.Tensor2D,
  { grid, orders, reward, images: wanted, labels, sampling }: CurvePlan,
  whose: string,
  resultWith: (found: Curve) => InteractionsResult,
): Job<Curve> {
  const pass = new MaskedPass(subject, grid, classify)
  try {
    const search = `Images that ${whose} classifies correctly`
    const chosen = yield* rightImages(pass, labels, { wanted, cells: grid ** 2, stage: search })
    const stage = `Interactions of ${whose}`
    const { rows } = sampling
    const total = chosen.length * rows
    const found: ImageInteractions[] = []
    const rewards = new Float64Array(rows)
    for (const image of chosen) {
      const before = found.length * rows
      const take = (logits: Float32Array, row: number): void => {
        rewards[row] = rewardOf(reward, logits, labels[image]!)
      }
      yield* pass.run(rowsOf(sampling, image), take, (done) => ({
        stage,
        done: before + done,
        total,
      }))
      found.push(sampling.interactions(rewards))
      const points = interactionPoints(orders, found)
      const sofar = resultWith({ images: found.length, points })
      yield { stage, done: before + rows, total, sofar }
    }
    return { images: found.length, points: interactionPoints(orders, found) }
  } finally {
    pass.dispose()
  }
}
