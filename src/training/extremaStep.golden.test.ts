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
  expectTensor,
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
} from '../fixtures/goldenExtrema.ts'
import { channelsLast, tensorsIn } from '../fixtures/goldenStep.ts'
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

type Loss = 'byol' | 'infoNCE'

/** The method on the network of a file; its two views come as step inputs, uncropped as they are. */
function methodOf(
  root: GoldenNode,
  kind: Loss,
): Pick<Method, 'normalisation' | 'views' | 'loss' | 'teacher'> {
  const config = goldenConfig(root.at('cfg'))
  return {
    normalisation: { mean: [0, 0, 0], deviation: [1, 1, 1] },
    views: () => [],
    loss: ({ inputs, targets }, parameters) =>
      extremaStep(
        config,
        kind === 'byol' ? { kind } : { kind, temperature: inputs.temperature! },
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

function inputsOf(root: GoldenNode): Record<string, InputValues> {
  const { shape, data } = root.full('masks')
  const [count, batch, visible] = shape as [number, number, number]
  return {
    student: channelsLast(root.full('x_student')),
    teacher: channelsLast(root.full(root.flag('cfg', 'two_views') ? 'x_teacher' : 'x_student')),
    masks: { shape: [count * batch, visible], data: Uint8Array.from(data) },
    temperature: { shape: [], data: Float32Array.of(root.number('infonce', 'T')) },
  }
}

/** Does one step with the values of a file, checked against the step done operation by operation. */
async function runStep(root: GoldenNode, kind: Loss) {
  const parameters = goldenParameters(engine(), root)
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
  const method = methodOf(root, kind)
  const parts = { engine: engine(), method, images, parameters, optimiser, readings }
  const program = new StepProgram({ ...parts, metricKeys: METRICS }, wishes)
  const [loss, cosine] = await (await program.run(wishes))()
  const teacher = parameters.teacher!
  const result = {
    loss: loss!,
    cosine: cosine!,
    gradients: tensorsIn(await parameters.read(parameters.gradients), parameters),
    averages: tensorsIn(await teacher.read(), teacher),
    values: tensorsIn(await parameters.read(parameters.values), parameters),
  }
  for (const part of [program, images, readings, optimiser, parameters]) part.dispose()
  return result
}

const tolerances = DEFAULT_TOLERANCES

describeGolden(
  ({ method }) => method === 'extrema',
  ({ root }) => {
    test('the recorded training step: loss, gradients, teacher and update', async () => {
      const { loss, cosine, gradients, averages, values } = await runStep(root, 'byol')
      expectLoss(loss, root.number('loss'), tolerances.loss)
      expectLoss(cosine, 1 - root.number('loss') / 2, tolerances.loss, 'cosine')
      const [scale, reference] = [root.number('grad_global_norm'), root.tensors('grads')]
      expectTensors(gradients, reference, tolerances.gradient, scale)
      expectWholeGradient(gradients, reference, scale, tolerances.wholeGradient)
      const after = ofNetwork(root.tensors('teacher_after_ema'), TEACHER)
      expectTensors(averages, after, tolerances.ema)
      expectUpdated(values, root)
    })

    test('the recorded training step with InfoNCE: loss and gradients', async () => {
      const { loss, gradients } = await runStep(root, 'infoNCE')
      expectLoss(loss, root.number('infonce', 'loss'), tolerances.loss)
      const scale = root.number('infonce', 'grad_global_norm')
      for (const [name, reference] of root.tensors('infonce', 'grads'))
        expectTensor(gradients.get(name)!, reference, tolerances.gradient, scale, name)
    })
  },
)
