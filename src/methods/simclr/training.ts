import { detectorParameters } from '../dilemma/head.ts'
import { corruptorInputs, labelsOf, shownOf, weightInput } from '../dilemma/inputs.ts'
import { joined, joinedIfAny, joinedShown } from '../dilemma/joined.ts'
import { trunkParameters } from '../dilemma/trunk.ts'
import type { Method, StepBatch } from '../method.ts'
import { networkConfig } from './config.ts'
import { host } from './host.ts'
import { networkParameters } from './network.ts'
import type { SimclrSettings } from './settings.ts'
import { simclrStep, type Pass } from './step.ts'
import { viewRules } from './views.ts'

type Training = Pick<Method<SimclrSettings>, 'views' | 'parameters' | 'stepInputs' | 'loss'>

/** The views that may be sparse and have wrong places: both (variant S1), or the first alone (S2). */
const corruptedViews = ({ denseView }: SimclrSettings): readonly number[] =>
  denseView ? [0] : [0, 1]

/** The views of a step, as one batch for the transformer where as much is shown of both. */
function passesOf({ views, inputs }: Pick<StepBatch, 'views' | 'inputs'>): readonly Pass[] {
  const [first, second] = [0, 1].map((view) => ({
    images: views[view]!,
    shown: shownOf(inputs, view),
    labels: labelsOf(inputs, view),
  })) as [Pass, Pass]
  const differ = (first.shown === undefined) !== (second.shown === undefined)
  return differ ? [first, second] : [asOne([first, second])]
}

const asOne = (passes: readonly Pass[]): Pass => ({
  images: joined(passes.map(({ images }) => images)),
  shown: joinedShown(passes.map(({ shown }) => shown)),
  labels: joinedIfAny(passes.map(({ labels }) => labels)),
})

/** How SimCLR trains (spec section 7). */
export const training: Training = {
  views: viewRules,

  parameters(settings) {
    const config = networkConfig(settings)
    const { seed, dilemma } = settings
    return [
      ...networkParameters(config, trunkParameters(config, settings), seed),
      ...(dilemma ? detectorParameters(config.width, seed) : []),
    ]
  },

  stepInputs: (settings, draw, batch) => ({
    ...Object.fromEntries(
      corruptedViews(settings).flatMap((view) =>
        Object.entries(corruptorInputs(host.plan(settings), draw, batch, view)),
      ),
    ),
    ...weightInput(settings),
    temperature: { shape: [], data: Float32Array.of(settings.temperature) },
  }),

  loss: (batch, parameters, settings) =>
    simclrStep(
      networkConfig(settings),
      passesOf(batch),
      { temperature: batch.inputs.temperature!, weight: batch.inputs.dilemmaWeight },
      parameters,
    ),
}
