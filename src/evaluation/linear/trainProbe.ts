import type { Engine } from '../../engine/engine.ts'
import { randomAt, randomPermutation, Stream } from '../../engine/random.ts'
import { PeekabooError } from '../../errors.ts'
import type { Classification, CurvePoint } from '../../results.ts'
import { learningRateAt } from '../../training/schedule.ts'
import { accuracyOf, classificationOf, predictedClasses } from '../classification.ts'
import type { Job } from '../job.ts'
import { LinearProbe } from './linearProbe.ts'
import { ProbeStep, type LabelledBank } from './probeStep.ts'

/** Feature values that the steps of a slice go through; with more steps at most. */
const SLICE_VALUES = 2 ** 20
const SLICE_STEPS = 32

/** How a probe is trained. */
export interface ProbeOptions {
  /** Of the run: initial weights and the order of the images are drawn from it. */
  readonly seed: number
  readonly epochs: number
  /** Limited to the training images. */
  readonly batch: number
  /** Peak: the first step's. */
  readonly learningRate: number
  readonly weightDecay: number
}

/** A trained probe and what it does; whoever gets it frees the probe. */
export interface ProbeTraining {
  readonly probe: LinearProbe
  readonly classification: Classification
}

/**
 * Trains a linear probe: SGD with momentum 0.9, learning rate from its peak to 0 along a cosine. Every epoch goes
 * through the images in an order of its own; images that do not fill a last batch are left out of that epoch. After
 * every epoch all training and all test images are classified with the running statistics: forward passes of the probe
 * alone, on features that are there.
 * @throws PeekabooError `setting-invalid` for fewer than two training images, `diverged` when the loss is not finite
 */
export async function* trainProbe(
  engine: Engine,
  train: LabelledBank,
  test: LabelledBank,
  options: ProbeOptions,
): Job<ProbeTraining> {
  const { seed, epochs, learningRate, weightDecay } = options
  const batch = Math.min(options.batch, train.rows)
  if (batch < 2) throw tooFew(train.rows)
  const batches = Math.floor(train.rows / batch)
  const total = epochs * batches
  const schedule = { learningRate, finalLearningRate: 0, scheduleSteps: total, warmupFraction: 0 }
  const stepsOfSlice = sliceSteps(batch * train.bank.width)
  const stage = 'Training of the linear probe'
  const probe = new LinearProbe(engine, train.bank.width, seed)
  const step = new ProbeStep(engine, probe, train, batch, batches)
  let finished = false
  try {
    const curve: CurvePoint[] = []
    let logits: Float32Array = new Float32Array()
    for (let epoch = 0; epoch < epochs; epoch++) {
      const order = randomPermutation(randomAt(seed, Stream.probe, epoch), train.rows)
      for (let at = 0; at < batches; at++) {
        const done = epoch * batches + at
        const indices = order.subarray(at * batch, (at + 1) * batch)
        const rate = learningRateAt(done, schedule)
        await step.run({ indices, learningRate: rate, weightDecay }, at)
        if ((at + 1) % stepsOfSlice !== 0) continue
        await engine.device.queue.onSubmittedWorkDone()
        engine.check()
        yield { stage, done: done + 1, total }
      }
      const progress = { stage, done: (epoch + 1) * batches, total }
      const loss = mean(await step.losses())
      engine.check()
      if (!Number.isFinite(loss)) throw diverged(epoch + 1)
      const ofTrain = yield* probe.logits(train.bank, train.rows, progress)
      const trainAccuracy = accuracyOf(predictedClasses(ofTrain), train.labels)
      logits = yield* probe.logits(test.bank, test.rows, progress)
      const testAccuracy = accuracyOf(predictedClasses(logits), test.labels)
      const point = { epoch: epoch + 1, loss, trainAccuracy, testAccuracy }
      curve.push(point)
      yield { ...progress, point: { ...point, curve: 'probe' } }
    }
    engine.check()
    const { trainAccuracy } = curve.at(-1)!
    const classification = classificationOf(curve, trainAccuracy, logits, test.labels)
    finished = true
    return { probe, classification }
  } finally {
    step.dispose()
    if (!finished) probe.dispose()
  }
}

/** Steps of a slice: from the sizes alone. */
const sliceSteps = (values: number): number =>
  Math.min(Math.max(Math.floor(SLICE_VALUES / values), 1), SLICE_STEPS)

const mean = (numbers: Float32Array): number =>
  numbers.reduce((sum, value) => sum + value, 0) / numbers.length

const tooFew = (images: number): PeekabooError =>
  new PeekabooError({
    code: 'setting-invalid',
    what: `A linear probe cannot be trained on ${images === 1 ? 'a single image' : 'no images'}: batch norm needs two.`,
    kept: 'The run is kept; nothing was evaluated.',
    todo: 'Load more training images, and evaluate again.',
  })

const diverged = (epoch: number): PeekabooError =>
  new PeekabooError({
    code: 'diverged',
    what: `The linear probe diverged in epoch ${epoch}: its loss is not a finite number.`,
    kept: 'The run and its weights are kept.',
    todo: 'Choose a smaller learning rate for the linear probe, and evaluate again.',
  })
