import type * as tf from '@tensorflow/tfjs'
import type { Method } from '../../methods/method.ts'
import { teachingMethod } from './teaching.ts'

/**
 * The smallest method with parameters that are not trained like the others, for tests: the one with a teacher, whose
 * predictor rests at first, and a centre that is a running mean of the loss and goes into it.
 */

/** The first step that trains the predictor. */
export const PREDICTOR_FROM = 3
/** Share of the centre that stays from step to step. */
export const KEPT = 0.9

const teaching = teachingMethod('after')

/** The method, its teacher averaging the centre too; described by `teaching`. */
export const centringMethod: Method = {
  ...teaching,
  parameters: (settings) => [
    ...teaching
      .parameters(settings)
      .map((spec) =>
        spec.name.startsWith('predictor.') ? { ...spec, trainedFrom: PREDICTOR_FROM } : spec,
      ),
    {
      ...{ name: 'centre', shape: [3], decay: true, learningRateScale: 1, trainedFrom: Infinity },
      initial: () => Float32Array.of(1, 2, 3),
    },
  ],
  loss: (batch, parameters, settings) => {
    const { loss, terms } = teaching.loss(batch, parameters, settings)
    const centre = parameters.get('centre')
    const all = loss.mul<tf.Scalar>(centre.mean())
    return { loss: all, terms, updates: { centre: centre.mul(KEPT).add(all.mul(1 - KEPT)) } }
  },
  teacher: { ...teaching.teacher!, averages: (name) => !name.startsWith('predictor.') },
}
