import type * as tf from '@tensorflow/tfjs'
import { Stream } from '../../engine/random.ts'
import { drawPaths, pathFactors } from '../../models/dropPath.ts'
import type { Method } from '../method.ts'
import { maskPlanOf, networkConfig } from './config.ts'
import type { LossForm } from './loss.ts'
import { drawBatchMasks } from './masking.ts'
import { momentumAt } from '../momentum.ts'
import { ENCODER, networkParameters } from './network.ts'
import type { ExtremaSettings } from './settings.ts'
import { extremaStep, teacherTargets } from './step.ts'
import { viewRules } from './views.ts'

type Training = Pick<
  Method<ExtremaSettings>,
  'views' | 'parameters' | 'stepInputs' | 'loss' | 'teacher'
>

/** How ExtreMA trains (spec sections 3 to 6). */
export const training: Training = {
  views: viewRules,

  parameters: (settings) => networkParameters(networkConfig(settings), settings.seed),

  stepInputs(settings, { seed, step }, batch) {
    const plan = maskPlanOf(settings)
    const rows = plan.count * batch
    const { dropPath, depth, temperature } = settings
    return {
      masks: {
        shape: [rows, plan.visible],
        data: drawBatchMasks(plan, [seed, Stream.mask, step], batch),
      },
      temperature: { shape: [], data: Float32Array.of(temperature) },
      ...(dropPath > 0 && drawPaths(dropPath, depth, rows, seed, step)),
    }
  },

  loss: ({ views, inputs, targets }, parameters, settings) =>
    extremaStep(
      networkConfig(settings),
      lossForm(settings, inputs.temperature!),
      {
        images: views[0]!,
        masks: inputs.masks as tf.Tensor2D,
        pathFactors: inputs.keptPaths && pathFactors(inputs.keptPaths, inputs.pathScales!),
      },
      targets.targets as tf.Tensor2D,
      parameters,
    ),

  teacher: {
    averages: (name) => name.startsWith(ENCODER),
    momentum: momentumAt,
    order: 'before',
    targets: (settings, { views }, teacher) => ({
      targets: teacherTargets(networkConfig(settings), views.at(-1)!, teacher),
    }),
  },
}

const lossForm = ({ loss }: ExtremaSettings, temperature: tf.Tensor): LossForm =>
  loss === 'byol' ? { kind: 'byol' } : { kind: 'infoNCE', temperature }
