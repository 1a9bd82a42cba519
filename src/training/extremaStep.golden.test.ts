import type * as tf from '@tensorflow/tfjs'
import { test } from 'vitest'
import { DeviceImages } from '../data/deviceImages.ts'
import { AdamW } from '../engine/adamw.ts'
import type { InputValues } from '../engine/inputTensors.ts'
import { useEngine } from '../engine/testing/opCase.ts'
import {
  DEFAULT_TOLERANCES,
  describeGolden,
  expectLoss,
  expectTensors,
  expectWholeGradient,
  type GoldenNode,
} from '../fixtures/golden.ts'
import { extremaStep, teacherTargets } from '../methods/extrema/step.ts'
import {
  expectUpdated,
  goldenAdamw,
  goldenConfig,
  goldenParameters,
  ofNetwork,
  TEACHER,
  tensorsIn,
} from '../fixtures/goldenExtrema.ts'
import { training } from '../methods/extrema/training.ts'
import type { Method } from '../methods/method.ts'
import { defaultsOf } from '../settings/rows.ts'
import { commonTable } from '../settings/common.ts'
import { Readings } from './readings.ts'
import { StepProgram } from './stepProgram.ts'
import { noiseImages } from './testing/small.ts'

const engine = useEngine()

const METRICS = ['loss', 'cosine', 'cosineSpread', 'targetDeviation']
/** The teacher's distance, and the words of the optimiser's status that are read. */
const REST = { distance: 1, words: 2 }

/** The method on the network of a file; its two views come as step inputs, uncropped as they are. */
function methodOf(root: GoldenNode): Pick<Method, 'normalisation' | 'views' | 'loss' | 'teacher'> {
  const config = goldenConfig(root.at('cfg'))
  return {
    normalisation: { mean: [0, 0, 0], deviation: [1, 1, 1] },
    views: () => [],
    loss: ({ inputs, targets }, parameters) =>
      extremaStep(
        config,
        { kind: 'byol' },
        { images: inputs.student as tf.Tensor4D, masks: inputs.masks as tf.Tensor2D },
        targets.targets as tf.Tensor2D,
        parameters,
      ),
    teacher: {
      averages: (name) => training.teacher!.averages(name),
      momentum: () => root.number('cfg', 'm'),
      order: training.teacher!.order,
      targets: (_settings, { inputs }, teacher) => ({
        targets: teacherTargets(config, inputs.teacher as tf.Tensor4D, teacher),
      }),
    },
  }
}

/** Images [B, 3, S, S] of a file as [B, S, S, 3]. */
function channelsLast(root: GoldenNode, key: string): InputValues {
  const { shape, data } = root.full(key)
  const [batch, channels, side] = shape as [number, number, number, number]
  const values = new Float32Array(data.length)
  data.forEach((value, i) => {
    const [pixel, plane] = [i % side ** 2, Math.floor(i / side ** 2)]
    const [image, channel] = [Math.floor(plane / channels), plane % channels]
    values[(image * side ** 2 + pixel) * channels + channel] = value
  })
  return { shape: [batch, side, side, channels], data: values }
}

function inputsOf(root: GoldenNode): Record<string, InputValues> {
  const { shape, data } = root.full('masks')
  const [count, batch, visible] = shape as [number, number, number]
  return {
    student: channelsLast(root, 'x_student'),
    teacher: channelsLast(root, root.flag('cfg', 'two_views') ? 'x_teacher' : 'x_student'),
    masks: { shape: [count * batch, visible], data: Uint8Array.from(data) },
  }
}

describeGolden(
  ({ method }) => method === 'extrema',
  ({ root }) => {
    test('the recorded training step gives loss, gradients, teacher and update of the reference', async () => {
      const parameters = goldenParameters(engine(), root)
      const teacher = parameters.teacher!
      const optimiser = new AdamW(engine(), parameters)
      const readings = new Readings(engine(), METRICS.length + REST.distance, REST.words)
      const images = new DeviceImages(engine(), noiseImages(1))
      const wishes = {
        settings: { ...defaultsOf(commonTable), checkRecording: true },
        draw: { seed: 1, step: 0 },
        indices: Uint32Array.of(0),
        inputs: inputsOf(root),
        optimiser: goldenAdamw(root),
        momentum: root.number('cfg', 'm'),
      }
      const program = new StepProgram(
        {
          engine: engine(),
          method: methodOf(root),
          images,
          parameters,
          optimiser,
          readings,
          metricKeys: METRICS,
        },
        wishes,
      )
      const numbers = await (await program.run(wishes))()

      const { loss, gradient, wholeGradient, ema } = DEFAULT_TOLERANCES
      expectLoss(numbers[0]!, root.number('loss'), loss)
      expectLoss(numbers[1]!, 1 - root.number('loss') / 2, loss, 'cosine')
      const scale = root.number('grad_global_norm')
      const gradients = tensorsIn(await parameters.read(parameters.gradients), parameters)
      expectTensors(gradients, root.tensors('grads'), gradient, scale)
      expectWholeGradient(gradients, root.tensors('grads'), scale, wholeGradient)
      const averages = tensorsIn(await teacher.read(), teacher)
      expectTensors(averages, ofNetwork(root.tensors('teacher_after_ema'), TEACHER), ema)
      expectUpdated(tensorsIn(await parameters.read(parameters.values), parameters), root)

      program.dispose()
      images.dispose()
      readings.dispose()
      optimiser.dispose()
      parameters.dispose()
    })
  },
)
