import { detectorParameters } from '../dilemma/head.ts'
import { corruptorInputs, labelsOf, shownOf, weightInput } from '../dilemma/inputs.ts'
import { trunkParameters } from '../dilemma/trunk.ts'
import type { Method } from '../method.ts'
import { networkConfig } from './config.ts'
import { host } from './host.ts'
import { decoderParameters } from './network.ts'
import type { MaeSettings } from './settings.ts'
import { maeStep } from './step.ts'

type Training = Pick<Method<MaeSettings>, 'views' | 'parameters' | 'stepInputs' | 'loss'>

/** MAE has one view of an image. */
const VIEW = 0

/** How MAE trains (spec sections 7.3 and 7.4). */
export const training: Training = {
  views: ({ cropScaleMin, flipProbability }) => [
    { crop: { scaleMin: cropScaleMin, flipProbability } },
  ],

  parameters(settings) {
    const config = networkConfig(settings)
    const { seed, dilemma } = settings
    return [
      ...trunkParameters(config, settings),
      ...decoderParameters(config, seed),
      ...(dilemma ? detectorParameters(config.width, seed) : []),
    ]
  },

  stepInputs: (settings, draw, batch) => ({
    ...corruptorInputs(host.plan(settings), draw, batch, VIEW),
    ...weightInput(settings),
  }),

  loss: ({ views, inputs }, parameters, settings) =>
    maeStep(
      networkConfig(settings),
      settings,
      {
        images: views[0]!,
        // Some patches are always masked.
        shown: shownOf(inputs, VIEW)!,
        labels: labelsOf(inputs, VIEW),
        weight: inputs.dilemmaWeight,
      },
      parameters,
    ),
}
