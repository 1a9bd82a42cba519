import * as tf from '@tensorflow/tfjs'
import { expect, test } from 'vitest'
import { AdamW } from '../../engine/adamw.ts'
import type { Parameters } from '../../engine/parameters.ts'
import { useEngine } from '../../engine/testing/opCase.ts'
import { take, upload } from '../../engine/testing/run.ts'
import {
  DEFAULT_TOLERANCES,
  describeGolden,
  expectLoss,
  expectTensor,
  expectTensors,
  expectWholeGradient,
  type GoldenNode,
} from '../../fixtures/golden.ts'
import {
  expectUpdated,
  goldenAdamw,
  goldenConfig,
  goldenParameters,
  ofNetwork,
  POSITIONS,
  TEACHER,
} from '../../fixtures/goldenExtrema.ts'
import { tensorsIn } from '../../fixtures/goldenStep.ts'
import { sincosPositions } from '../../models/sincos.ts'
import { extremaLoss, maskCosines, type LossForm } from './loss.ts'
import { ENCODER } from './network.ts'
import { studentPredictions, teacherTargets, type Taps } from './step.ts'

const engine = useEngine()

/** Views [B, S, S, 3] of student and teacher, and the masks [K·B, v]. */
function inputsOf(root: GoldenNode) {
  const nhwc = (key: string): tf.Tensor4D => upload(root.full(key)).transpose([0, 2, 3, 1])
  const two = root.flag('cfg', 'two_views')
  const { shape, data } = root.full('masks')
  const [count, batch, visible] = shape as [number, number, number]
  return {
    student: nhwc('x_student'),
    teacher: nhwc(two ? 'x_teacher' : 'x_student'),
    masks: tf.tensor2d(Float32Array.from(data), [count * batch, visible]),
    count,
    batch,
  }
}

/** Collects what a pass hands out, under the names of the file; kept. */
function tapsFor(network: string, outputs: Map<string, tf.Tensor>): Taps {
  const save = (key: string, tensor: tf.Tensor): void => {
    outputs.set(`${network}_${key}`, tf.keep(tensor.clone()))
  }
  const attention: tf.Tensor4D[] = []
  return {
    onPlaced: (tokens) => save('patch_plus_pos', tokens),
    onAttention: (probabilities) => save('last_block_self_attention', probabilities),
    onTokens: (tokens) => save('tokens', tokens),
    onClassAttention(probabilities) {
      attention.push(probabilities)
      // The last block's stack replaces those of the blocks before it.
      outputs.get(`${network}_class_attention`)?.dispose()
      save('class_attention', tf.stack(attention))
    },
    onInstance(before, instance) {
      save('instance_before_norm', before)
      save('instance', instance)
    },
    onProjection: (projection) => save('projection', projection),
  }
}

type Loss = 'byol' | 'infoNCE'

const formOf = (root: GoldenNode, loss: Loss): LossForm =>
  loss === 'byol'
    ? { kind: 'byol' }
    : { kind: 'infoNCE', temperature: tf.scalar(root.number('infonce', 'T')) }

/** The step up to its gradients, in the order of the reference; everything on the host. */
async function runStep(root: GoldenNode, loss: Loss, parameters: Parameters) {
  const teacher = parameters.teacher!
  const config = goldenConfig(root.at('cfg'))
  const outputs = new Map<string, tf.Tensor>()
  teacher.prepare(root.number('cfg', 'm'))
  teacher.encode(null)
  const { value, grads } = tf.tidy(() => {
    const views = inputsOf(root)
    const targets = teacherTargets(config, views.teacher, teacher, tapsFor('teacher', outputs))
    const result = tf.valueAndGrads(() => {
      const view = { images: views.student, masks: views.masks }
      const predictions = studentPredictions(config, view, parameters, tapsFor('student', outputs))
      outputs.set('q', tf.keep(predictions.clone()))
      outputs.set('cosine_per_mask_image', tf.keep(maskCosines(predictions, targets)))
      return extremaLoss(predictions, targets, formOf(root, loss))
    })(parameters.tensors())
    outputs.set('k', outputs.get('teacher_projection')!)
    outputs.delete('teacher_projection')
    return result
  })
  const host = new Map<string, Float32Array>()
  for (const [key, tensor] of outputs) host.set(key, await take(tensor))
  const gradients = new Map<string, Float32Array>()
  for (const [index, gradient] of grads.entries())
    gradients.set(parameters.segments[index]!.name, await take(gradient))
  return { loss: (await take(value))[0]!, outputs: host, gradients }
}

const { loss: lossTolerance, output, gradient, wholeGradient, ema } = DEFAULT_TOLERANCES

const normOf = (values: Float32Array): number => Math.hypot(...values)

describeGolden(
  ({ method }) => method === 'extrema',
  ({ root }) => {
    const globalNorm = root.number('grad_global_norm')

    test('E1 and E2 the loss, and every output on the way to it; E4 tokens and attention', async () => {
      const parameters = goldenParameters(engine(), root)
      const { loss, outputs } = await runStep(root, 'byol', parameters)
      expectLoss(loss, root.number('loss'), lossTolerance)
      for (const [key, reference] of root.tensors('outputs')) {
        if (key === 'loss_per_mask_image' || key === 'cosine_per_mask') continue
        expectTensor(outputs.get(key)!, reference, output, 1, key)
      }
      const cosines = outputs.get('cosine_per_mask_image')!
      const perMask = root.full('outputs', 'cosine_per_mask').data
      const batch = cosines.length / perMask.length
      const losses = cosines.map((cosine) => 2 - 2 * cosine)
      expectTensor(losses, root.tensor('outputs', 'loss_per_mask_image'), output)
      const means = perMask.map((_, mask) => {
        const own = cosines.subarray(mask * batch, (mask + 1) * batch)
        return own.reduce((sum, cosine) => sum + cosine, 0) / batch
      })
      expectTensor(means, root.tensor('outputs', 'cosine_per_mask'), output)
      for (const network of ['student', 'teacher']) {
        const attention = outputs.get(`${network}_class_attention`)!
        const keys = root.tensor('outputs', `${network}_class_attention`).shape.at(-1)!
        for (let row = 0; row < attention.length; row += keys) {
          const own = attention.subarray(row, row + keys)
          expect(own.reduce((sum, share) => sum + share, 0)).toBeCloseTo(1, 5)
        }
      }
      parameters.dispose()
    })

    test('E3 every gradient, and none of the positions', async () => {
      const parameters = goldenParameters(engine(), root)
      const { gradients } = await runStep(root, 'byol', parameters)
      const reference = root.tensors('grads')
      expect([...gradients.keys()].sort()).toEqual([...root.texts('trainable')].sort())
      expectTensors(gradients, reference, gradient, globalNorm)
      expectWholeGradient(gradients, reference, globalNorm, wholeGradient)
      for (const [name, norm] of root.entries('grad_norms'))
        expect(Math.abs(normOf(gradients.get(name)!) - norm.number()), name).toBeLessThan(
          gradient * Math.max(norm.number(), 1e-3 * globalNorm),
        )
      const all = Math.hypot(...[...gradients.values()].map(normOf))
      expect(Math.abs(all - globalNorm)).toBeLessThan(wholeGradient * globalNorm)
      parameters.dispose()
    })

    test('E5 the teacher follows with the weights before the optimiser; the predictor has no average', async () => {
      const parameters = goldenParameters(engine(), root)
      await runStep(root, 'byol', parameters)
      const teacher = parameters.teacher!
      const averages = tensorsIn(await teacher.read(), teacher)
      expectTensors(averages, ofNetwork(root.tensors('teacher_after_ema'), TEACHER), ema)
      expect(parameters.has('predictor.0.weight')).toBe(true)
      expect(teacher.has('predictor.0.weight')).toBe(false)
      parameters.dispose()
    })

    test('the fixed positions', () => {
      const { imageSize, patchSize, width } = goldenConfig(root.at('cfg'))
      const table = sincosPositions(imageSize / patchSize, width)
      for (const prefix of [ENCODER, TEACHER])
        expectTensor(table, root.tensor('params', `${prefix}${POSITIONS}`), 1e-6)
    })

    test('AdamW moves every parameter as in float64', async () => {
      const parameters = goldenParameters(engine(), root)
      const { loss, gradients } = await runStep(root, 'byol', parameters)
      const tensors = parameters.segments.map(({ name, shape }) =>
        upload({ shape, data: gradients.get(name)! }),
      )
      parameters.gatherGradients(tensors)
      const optimiser = new AdamW(engine(), parameters)
      const watched = tf.scalar(loss)
      optimiser.step(watched, goldenAdamw(root))
      tf.dispose([watched, ...tensors])
      expectUpdated(tensorsIn(await parameters.read(parameters.values), parameters), root)
      optimiser.dispose()
      parameters.dispose()
    })

    test('InfoNCE: loss and gradients', async () => {
      const parameters = goldenParameters(engine(), root)
      const { loss, gradients } = await runStep(root, 'infoNCE', parameters)
      expectLoss(loss, root.number('infonce', 'loss'), lossTolerance)
      const scale = root.number('infonce', 'grad_global_norm')
      for (const [name, reference] of root.tensors('infonce', 'grads'))
        expectTensor(gradients.get(name)!, reference, gradient, scale, name)
      const all = Math.hypot(...[...gradients.values()].map(normOf))
      expect(Math.abs(all - scale)).toBeLessThan(wholeGradient * scale)
      parameters.dispose()
    })
  },
)
