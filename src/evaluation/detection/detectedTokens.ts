import * as tf from '@tensorflow/tfjs'
import type { ParameterSource } from '../../engine/parameters.ts'
import { PeekabooError } from '../../errors.ts'
import type { Detector } from '../../methods/method.ts'
import { FeatureBank } from '../featureBank.ts'
import { batchesOf, filledUp, ImagePass } from '../imagePass.ts'
import type { Job } from '../job.ts'
import { commonSettings, type Subject } from '../subject.ts'
import type { DetectedTokens } from './scores.ts'

/** What the images show. */
export type Content = 'images' | 'blank'

/** Some images whose patches are given wrong places in one way. */
export interface DetectionTrial {
  /** Id of one of the detector's policies. */
  readonly policy: string
  readonly content: Content
}

/**
 * What a detector says of every token of the first test images, in every trial: the same claims for the same images
 * whatever the network.
 * @param images how many
 * @param progress of every slice
 * @throws PeekabooError `diverged` where it is no finite number
 */
export async function* detectedTokens(
  { engine, method, settings, test }: Subject,
  detector: Detector,
  parameters: ParameterSource,
  trials: readonly DetectionTrial[],
  images: number,
  progress: () => { readonly stage: string; readonly done: number; readonly total: number },
): Job<DetectedTokens[]> {
  const { seed, dispatchesPerSubmit } = commonSettings({ settings })
  const inputsOf = (policy: string, indices: readonly number[]) =>
    detector.inputs(settings, policy, seed, filledUp(indices))
  const pass = new ImagePass({
    engine,
    normalisation: method.normalisation,
    inputs: inputsOf(trials[0]!.policy, [0]),
    dispatchesPerSubmit,
    forward: (views, inputs) => {
      const { logits, labels, distances } = detector.detect(settings, views, inputs, parameters)
      return [logits, labels, distances]
    },
  })
  const banks: FeatureBank[] = []
  try {
    for (const width of await pass.widths()) banks.push(new FeatureBank(engine, images, width))
    const found: DetectedTokens[] = []
    for (const { policy, content } of trials) {
      const shown = content === 'blank' ? { disturb: blank } : {}
      for (const { first, indices } of batchesOf(images)) {
        await pass.batch(test.device, indices, banks, first, inputsOf(policy, indices), shown)
        yield progress()
      }
      const [logits, labels, distances] = await Promise.all(banks.map((bank) => bank.read()))
      if (!logits!.every(Number.isFinite)) throw diverged()
      found.push({ logits: logits!, labels: labels!, distances: distances! })
    }
    return found
  } finally {
    for (const bank of banks) bank.dispose()
    pass.dispose()
  }
}

/** Every image in its mean colour: its places are all that is left. */
const blank = (views: tf.Tensor4D): tf.Tensor4D =>
  tf.tidy(() => views.mean<tf.Tensor4D>([1, 2], true).mul(tf.onesLike(views)))

const diverged = (): PeekabooError =>
  new PeekabooError({
    code: 'diverged',
    what: 'What the network says of its patches is no finite number: its weights have diverged.',
    kept: 'The run is kept; nothing was evaluated.',
    todo: 'Go back to an earlier checkpoint, or begin a run with a smaller learning rate.',
  })
