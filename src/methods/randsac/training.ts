import type * as tf from '@tensorflow/tfjs'
import { Stream } from '../../engine/random.ts'
import type { Method } from '../method.ts'
import { lossForm, networkConfig } from './config.ts'
import { networkParameters } from './network.ts'
import { drawRanks } from './segments/serialisation.ts'
import { segmentPlanOf } from './segments/plan.ts'
import type { RandsacSettings } from './settings.ts'
import { randsacStep } from './step.ts'

type Training = Pick<Method<RandsacSettings>, 'views' | 'parameters' | 'stepInputs' | 'loss'>

/** How RandSAC trains (spec sections 3 to 6). */
export const training: Training = {
  views: ({ cropScaleMin, flipProbability }) => [
    { crop: { scaleMin: cropScaleMin, flipProbability } },
  ],

  parameters: (settings) => networkParameters(networkConfig(settings), settings.seed),

  stepInputs(settings, { seed, step }, batch) {
    const plan = segmentPlanOf(settings)
    return {
      ranks: {
        shape: [batch, plan.grid ** 2],
        data: drawRanks(plan, [seed, Stream.mask, step], batch),
      },
    }
  },

  loss: ({ views, inputs }, parameters, settings) =>
    randsacStep(
      networkConfig(settings),
      lossForm(settings),
      { images: views[0]!, ranks: inputs.ranks as tf.Tensor2D },
      parameters,
    ),
}
