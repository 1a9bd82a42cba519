import * as tf from '@tensorflow/tfjs'
import { AdamW } from '../../../src/engine/adamw.ts'
import type { Engine } from '../../../src/engine/engine.ts'
import type { Parameters } from '../../../src/engine/parameters.ts'
import { Replayable } from '../../../src/engine/recording/replayable.ts'
import { lossAndGradients } from '../../../src/training/gradients.ts'
import { Readings } from '../../../src/training/readings.ts'
import { ADAM } from '../vit.ts'
import type { EngineRun } from './engineRun.ts'

/** A step on our engine in plain style. */
interface PlainStep<T> {
  /** What the loss is taken of, made outside of what is differentiated. */
  readonly given: () => T
  readonly loss: (given: T) => tf.Scalar
  /** Writes what changes from step to step, before each. */
  readonly write?: () => void
}

/** A model on our engine: loss, gradients and Adam are recorded once and replayed. */
export function recordedRun<T>(
  engine: Engine,
  parameters: Parameters,
  { given, loss, write }: PlainStep<T>,
): EngineRun {
  const optimiser = new AdamW(engine, parameters)
  const readings = new Readings(engine, 1, 1)
  const replayable = new Replayable(engine, () => {
    tf.tidy(() => {
      const inputs = given()
      const step = lossAndGradients(() => ({ loss: loss(inputs), terms: {} }), parameters)
      parameters.gatherGradients(step.gradients)
      optimiser.encode(step.loss)
      readings.keep([step.loss], optimiser.status)
    })
  })
  let steps = 0
  return {
    queue: engine.device.queue,
    step: async () => {
      const recording = await replayable.prepare()
      write?.()
      optimiser.prepare({ ...ADAM, weightDecay: 0, clipNorm: 0, step: ++steps })
      recording.replay()
    },
    flush: () => {
      engine.check()
      return Promise.resolve()
    },
    loss: async () => new Float32Array(await engine.read(readings.latest))[0]!,
    profile: async () => (await replayable.prepare()).profile(),
  }
}
