import * as tf from '@tensorflow/tfjs'
import type { Classification } from '../../results.ts'
import { FeatureBank } from '../featureBank.ts'
import { batchesOf, FEATURE_BATCH, ImagePass } from '../imagePass.ts'
import type { Job } from '../job.ts'
import type { LabelledBank } from '../linear/probeStep.ts'
import { trainProbe, type ProbeOptions } from '../linear/trainProbe.ts'
import type { Subject } from '../subject.ts'
import { commonSettings } from '../subject.ts'
import type { Task, TaskImages } from './tasks.ts'

/** From normalised views [B, 32, 32, 3] to features [B, width]. */
export type Forward = (views: tf.Tensor4D) => tf.Tensor2D

/** Colours of 2 × 2 pixels are the features: a quarter of the work of single pixels. */
export const rawPixels: Forward = (views) =>
  tf.avgPool(views, 2, 2, 'valid').reshape([FEATURE_BATCH, -1])

/**
 * How well linear probes do some tasks on features of their images.
 * @param whose "the untrained network", for the progress
 */
export async function* probeTasks(
  { engine, method, settings }: Subject,
  forward: Forward,
  tasks: readonly Task[],
  options: ProbeOptions,
  whose: string,
): Job<Classification[]> {
  const { dispatchesPerSubmit } = commonSettings({ settings })
  const { normalisation } = method
  const pass = new ImagePass({
    engine,
    normalisation,
    inputs: {},
    dispatchesPerSubmit,
    forward: (views) => [forward(views)],
  })
  const banks: FeatureBank[] = []
  const features = async function* (
    { device, labels, disturb }: TaskImages,
    stage: string,
  ): Job<LabelledBank> {
    const rows = labels.length
    const bank = new FeatureBank(engine, rows, (await pass.widths())[0]!)
    banks.push(bank)
    for (const { first, indices } of batchesOf(rows)) {
      const shown = disturb ? { disturb: (views: tf.Tensor4D) => disturb(views, indices) } : {}
      await pass.batch(device, indices, [bank], first, {}, shown)
      yield { stage, done: first + indices.length, total: rows }
    }
    return { bank, rows, labels }
  }
  try {
    const found: Classification[] = []
    for (const { name, train, test } of tasks) {
      const ofTrain = yield* features(train, `Training features, ${name}, ${whose}`)
      const ofTest = yield* features(test, `Test features, ${name}, ${whose}`)
      const { probe, classification } = yield* trainProbe(engine, ofTrain, ofTest, options)
      probe.dispose()
      for (const bank of banks.splice(0)) bank.dispose()
      found.push(classification)
    }
    return found
  } finally {
    for (const bank of banks) bank.dispose()
    pass.dispose()
  }
}
