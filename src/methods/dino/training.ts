import type * as tf from '@tensorflow/tfjs'
import type { InputValues } from '../../engine/inputTensors.ts'
import { drawPaths } from '../../models/dropPath.ts'
import { detectorParameters } from '../dilemma/head.ts'
import { corruptorInputs, labelsOf, weightInput } from '../dilemma/inputs.ts'
import { joined, joinedIfAny } from '../dilemma/joined.ts'
import { trunkParameters } from '../dilemma/trunk.ts'
import type { Method } from '../method.ts'
import { momentumAt } from '../momentum.ts'
import { globalPlan, localPlan, networkConfig } from './config.ts'
import { cropsOf } from './crops.ts'
import { GLOBAL_VIEWS } from './loss.ts'
import { isAveraged, networkParameters } from './network.ts'
import { teacherTemperatureAt, weightDecayAt } from './schedules.ts'
import type { DinoSettings } from './settings.ts'
import { answer, dinoStep } from './step.ts'
import { viewRules } from './views.ts'

type Training = Pick<
  Method<DinoSettings>,
  'views' | 'parameters' | 'stepInputs' | 'loss' | 'teacher' | 'weightDecay' | 'clipping'
>

const scalar = (value: number): InputValues => ({ shape: [], data: Float32Array.of(value) })

/** How DINO trains (spec section 6). */
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

  stepInputs(settings, draw, batch) {
    const { localCrops, dropPath, depth, studentTemperature, centreMomentum } = settings
    const plans = Array.from({ length: GLOBAL_VIEWS + localCrops }, (_, view) =>
      view < GLOBAL_VIEWS ? globalPlan(settings) : localPlan(settings),
    )
    const claims = plans.map((plan, view) => corruptorInputs(plan, draw, batch, view))
    return {
      ...Object.fromEntries(claims.flatMap((inputs) => Object.entries(inputs))),
      ...weightInput(settings),
      studentTemperature: scalar(studentTemperature),
      teacherTemperature: scalar(teacherTemperatureAt(settings, draw.step)),
      centreMomentum: scalar(centreMomentum),
      ...(dropPath > 0 && drawPaths(dropPath, depth, plans.length * batch, draw.seed, draw.step)),
    }
  },

  loss({ views, inputs, targets }, parameters, settings) {
    const config = networkConfig(settings)
    const [globals, locals] = cropsOf(config, { views, inputs }, parameters)
    const { studentTemperature, teacherTemperature, centreMomentum, dilemmaWeight } = inputs
    const labels = joinedIfAny(
      Array.from({ length: GLOBAL_VIEWS }, (_, view) => labelsOf(inputs, view)),
    )
    const tensors = {
      globals: globals!,
      locals,
      teacherLogits: targets.logits as tf.Tensor2D,
      numbers: {
        studentTemperature: studentTemperature!,
        teacherTemperature: teacherTemperature!,
        centreMomentum: centreMomentum!,
      },
      detected: labels && { labels, weight: dilemmaWeight! },
    }
    return dinoStep(config, tensors, parameters)
  },

  teacher: {
    averages: isAveraged,
    momentum: momentumAt,
    order: 'after',
    targets(settings, { views }, teacher) {
      const images = joined(views.slice(0, GLOBAL_VIEWS))
      return { logits: answer(networkConfig(settings), [{ images }], teacher).logits }
    },
  },

  weightDecay: weightDecayAt,
  clipping: 'each',
}
