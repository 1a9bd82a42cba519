import type * as tf from '@tensorflow/tfjs'
import { corruptorInputs, labelsOf, shownOf, weightInput } from '../dilemma/inputs.ts'
import { detectorParameters } from '../dilemma/head.ts'
import { trunkParameters } from '../dilemma/trunk.ts'
import type { Method } from '../method.ts'
import { momentumAt } from '../momentum.ts'
import { networkConfig } from './config.ts'
import { host } from './host.ts'
import { officialInitial } from './initial.ts'
import { ENCODER, networkParameters } from './network.ts'
import type { Mocov3Settings } from './settings.ts'
import { mocoStep, teacherAnswer } from './step.ts'
import { viewRules } from './views.ts'

type Training = Pick<
  Method<Mocov3Settings>,
  'views' | 'parameters' | 'stepInputs' | 'loss' | 'teacher'
>

/** The views of an image, by their numbers. */
const VIEWS = [0, 1]

/** How MoCo-v3 trains (spec section 5). */
export const training: Training = {
  views: viewRules,

  parameters(settings) {
    const config = networkConfig(settings)
    const { seed, dilemma, decayAll } = settings
    const trunk = trunkParameters(config, settings).map(officialInitial)
    const specs = [
      ...networkParameters(config, trunk, seed),
      ...(dilemma ? detectorParameters(config.width, seed) : []),
    ]
    return decayAll ? specs.map((spec) => ({ ...spec, decay: true })) : specs
  },

  stepInputs(settings, draw, batch) {
    const [first, second] = VIEWS.map((view) =>
      corruptorInputs(host.plan(settings), draw, batch, view),
    )
    return {
      ...first,
      ...second,
      ...weightInput(settings),
      temperature: { shape: [], data: Float32Array.of(settings.temperature) },
    }
  },

  loss: ({ views, inputs, targets }, parameters, settings) =>
    mocoStep(
      networkConfig(settings),
      {
        views,
        shown: VIEWS.map((view) => shownOf(inputs, view)),
        labels: VIEWS.map((view) => labelsOf(inputs, view)),
        weight: inputs.dilemmaWeight,
        keys: [targets.keys0 as tf.Tensor2D, targets.keys1 as tf.Tensor2D],
        temperature: inputs.temperature!,
      },
      parameters,
    ),

  teacher: {
    averages: (name) => name.startsWith(ENCODER),
    momentum: momentumAt,
    order: 'before',
    targets(settings, { views }, teacher) {
      const [keys0, keys1] = teacherAnswer(networkConfig(settings), views, teacher).keys
      return { keys0, keys1 }
    },
  },
}
