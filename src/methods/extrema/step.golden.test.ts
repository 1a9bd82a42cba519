import * as tf from '@tensorflow/tfjs'
import { expect, test } from 'vitest'
import { AdamW, type AdamWStep } from '../../engine/adamw.ts'
import { Ema } from '../../engine/ema.ts'
import { Parameters } from '../../engine/parameters.ts'
import { useEngine } from '../../engine/testing/opCase.ts'
import { take, upload } from '../../engine/testing/run.ts'
import {
  DEFAULT_TOLERANCES,
  describeGolden,
  expectLoss,
  expectTensor,
  expectTensors,
  expectWholeGradient,
  isFull,
  type GoldenNode,
} from '../../fixtures/golden.ts'
import { sincosPositions } from '../../models/sincos.ts'
import { extremaLoss, maskCosines, type LossForm } from './loss.ts'
import { ENCODER, networkParameters, type ExtremaConfig } from './network.ts'
import { studentPredictions, teacherTargets, type Taps } from './step.ts'

const engine = useEngine()

const configOf = (cfg: GoldenNode): ExtremaConfig => ({
  imageSize: cfg.number('img'),
  patchSize: cfg.number('patch'),
  width: cfg.number('D'),
  depth: cfg.number('depth'),
  heads: cfg.number('heads'),
  mlpWidth: cfg.number('mlp_ratio') * cfg.number('D'),
  layerNormEpsilon: cfg.number('ln_eps_trunk'),
  classToken: false,
  positions: 'sincos',
  relativePositions: false,
  layerScale: 0,
  initialisation: 'xavier',
  classBlocks: cfg.number('ca_layers'),
  classLayerScale: cfg.number('ls_init'),
  projectorWidth: cfg.number('mlp_dim'),
  projectionSize: cfg.number('proj_dim'),
  predictorWidth: cfg.number('mlp_dim'),
})

/** The reference keeps its fixed table of positions among the parameters. */
const POSITIONS = 'pos_embed'
const TEACHER = 'momentum_encoder.'

/** Tensors of one network of the reference whose names begin with `prefix`, by our names; without positions. */
const ofNetwork = <V>(tensors: ReadonlyMap<string, V>, prefix: string): Map<string, V> =>
  new Map(
    [...tensors]
      .filter(([name]) => name.startsWith(prefix) && !name.endsWith(POSITIONS))
      .map(([name, value]) => [name.replace(TEACHER, ENCODER), value]),
  )

/** Student and teacher with the values of the file before the step. */
function networksOf(root: GoldenNode): { parameters: Parameters; teacher: Ema } {
  const all = root.fullTensors('params')
  const students = new Map([...ofNetwork(all, ENCODER), ...ofNetwork(all, 'predictor.')])
  const specs = networkParameters(configOf(root.at('cfg')), 0)
  const shapes = (entries: Iterable<readonly [string, { shape: readonly number[] }]>): object =>
    Object.fromEntries([...entries].map(([name, { shape }]) => [name, shape]))
  expect(shapes(specs.map((spec) => [spec.name, spec]))).toEqual(shapes(students))
  const undecayed = specs.filter(({ decay }) => !decay).map(({ name }) => name)
  expect(undecayed.sort()).toEqual([...root.texts('adamw', 'no_decay')].sort())
  const parameters = new Parameters(
    engine(),
    specs.map((spec) => ({
      ...spec,
      initial: () => Float32Array.from(students.get(spec.name)!.data),
    })),
  )
  const teacher = new Ema(engine(), parameters, (name) => name.startsWith(ENCODER))
  const averages = ofNetwork(all, TEACHER)
  expect(teacher.segments.map(({ name }) => name).sort()).toEqual([...averages.keys()].sort())
  const flat = new Float32Array(teacher.length)
  for (const { name, offset } of teacher.segments) flat.set(averages.get(name)!.data, offset)
  teacher.write(flat)
  return { parameters, teacher }
}

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
async function runStep(root: GoldenNode, loss: Loss, parameters: Parameters, teacher: Ema) {
  const config = configOf(root.at('cfg'))
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
      const { parameters, teacher } = networksOf(root)
      const { loss, outputs } = await runStep(root, 'byol', parameters, teacher)
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
      teacher.dispose()
      parameters.dispose()
    })

    test('E3 every gradient, and none of the positions', async () => {
      const { parameters, teacher } = networksOf(root)
      const { gradients } = await runStep(root, 'byol', parameters, teacher)
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
      teacher.dispose()
      parameters.dispose()
    })

    test('E5 the teacher follows with the weights before the optimiser; the predictor has no average', async () => {
      const { parameters, teacher } = networksOf(root)
      await runStep(root, 'byol', parameters, teacher)
      const flat = await teacher.read()
      const averages = new Map(
        teacher.segments.map(({ name, offset, size }) => [
          name,
          flat.subarray(offset, offset + size),
        ]),
      )
      expectTensors(averages, ofNetwork(root.tensors('teacher_after_ema'), TEACHER), ema)
      expect(parameters.has('predictor.0.weight')).toBe(true)
      expect(teacher.has('predictor.0.weight')).toBe(false)
      teacher.dispose()
      parameters.dispose()
    })

    test('the fixed positions', () => {
      const { imageSize, patchSize, width } = configOf(root.at('cfg'))
      const table = sincosPositions(imageSize / patchSize, width)
      for (const prefix of [ENCODER, TEACHER])
        expectTensor(table, root.tensor('params', `${prefix}${POSITIONS}`), 1e-6)
    })

    test('AdamW moves every parameter as in float64', async () => {
      const adamw = root.at('adamw')
      const step: AdamWStep = {
        learningRate: adamw.number('lr'),
        beta1: adamw.number('beta1'),
        beta2: adamw.number('beta2'),
        epsilon: adamw.number('eps'),
        weightDecay: adamw.number('weight_decay'),
        clipNorm: 0,
        step: adamw.number('step'),
      }
      const { parameters, teacher } = networksOf(root)
      const { loss, gradients } = await runStep(root, 'byol', parameters, teacher)
      const tensors = parameters.segments.map(({ name, shape }) =>
        upload({ shape, data: gradients.get(name)! }),
      )
      parameters.gatherGradients(tensors)
      const optimiser = new AdamW(engine(), parameters)
      const watched = tf.scalar(loss)
      optimiser.step(watched, step)
      tf.dispose([watched, ...tensors])
      const flat = await parameters.read(parameters.values)
      const references = root.tensors('grads')
      let compared = 0
      for (const [name, wanted] of root.tensors('adamw', 'params_after')) {
        const exact = references.get(name)!
        if (!isFull(wanted) || !isFull(exact)) continue
        const { offset } = parameters.segments.find((segment) => segment.name === name)!
        wanted.data.forEach((value, i) => {
          // Entries with a tiny gradient move by about its sign, which float32 cannot know.
          const known = Math.abs(exact.data[i]!) >= 1e-4
          if (known) compared++
          const error = Math.abs(flat[offset + i]! - value)
          const tolerance = known ? 1e-6 : 2.1 * step.learningRate
          if (!(error <= tolerance)) expect(error, `${name} ${i}`).toBeLessThanOrEqual(tolerance)
        })
      }
      const few = adamw.number('entries_with_abs_grad_below_1e-4')
      expect(compared).toBe(adamw.number('entries_total') - few)
      optimiser.dispose()
      teacher.dispose()
      parameters.dispose()
    })

    test('InfoNCE: loss and gradients', async () => {
      const { parameters, teacher } = networksOf(root)
      const { loss, gradients } = await runStep(root, 'infoNCE', parameters, teacher)
      expectLoss(loss, root.number('infonce', 'loss'), lossTolerance)
      const scale = root.number('infonce', 'grad_global_norm')
      for (const [name, reference] of root.tensors('infonce', 'grads'))
        expectTensor(gradients.get(name)!, reference, gradient, scale, name)
      const all = Math.hypot(...[...gradients.values()].map(normOf))
      expect(Math.abs(all - scale)).toBeLessThan(wholeGradient * scale)
      teacher.dispose()
      parameters.dispose()
    })
  },
)
