import * as tf from '@tensorflow/tfjs'
import { expect, test } from 'vitest'
import { detectionStatistics } from '../../engine/ops/detectionStatistics.ts'
import type { Parameters } from '../../engine/parameters.ts'
import { useEngine } from '../../engine/testing/opCase.ts'
import { take, upload } from '../../engine/testing/run.ts'
import {
  describeGolden,
  expectLoss,
  expectTensor,
  expectTensors,
  expectWholeGradient,
  SHARP_TOLERANCES,
  type FullTensor,
  type GoldenNode,
} from '../../fixtures/golden.ts'
import { goldenConfig, goldenParameters, teachersOf } from '../../fixtures/goldenMocov3.ts'
import { tensorsIn } from '../../fixtures/goldenStep.ts'
import { patchTokensOf } from '../dilemma/step.ts'
import { detectedLogits, mocoStep, studentAnswer, teacherAnswer, type MocoStep } from './step.ts'

const engine = useEngine()

const { loss: lossTolerance, output, gradient, wholeGradient, ema } = SHARP_TOLERANCES

/** Views, and what of them is shown, as the file has them. */
function inputsOf(root: GoldenNode): Pick<MocoStep, 'views' | 'shown' | 'labels'> {
  const nhwc = (key: string): tf.Tensor4D => upload(root.full(key)).transpose([0, 2, 3, 1])
  const cells = (view: number, key: string): tf.Tensor2D => upload(root.full('views', view, key))
  return {
    views: [nhwc('x1'), nhwc('x2')],
    shown: [0, 1].map((view) => ({
      real: cells(view, 'real_pos'),
      claimed: cells(view, 'input_pos'),
    })),
    labels: [0, 1].map((view) => cells(view, 'labels')),
  }
}

/** The step up to its gradients, in the order of the reference; everything on the host. */
async function runStep(root: GoldenNode, parameters: Parameters, lambda: number) {
  const teacher = parameters.teacher!
  const config = goldenConfig(root.at('cfg'))
  const outputs = new Map<string, tf.Tensor>()
  const save = (key: string, tensor: tf.Tensor): void =>
    void outputs.set(key, tf.keep(tensor.clone()))
  teacher.prepare(root.number('cfg', 'm'))
  teacher.encode(null)
  const terms: Record<string, tf.Tensor> = {}
  const { value, grads } = tf.tidy(() => {
    const inputs = inputsOf(root)
    const images = inputs.views[0]!.shape[0]
    const { keys, tokens } = teacherAnswer(config, inputs.views, teacher)
    save('teacher_tokens1', patchTokensOf(tokens).slice([0, 0, 0], [images, -1, -1]))
    keys.forEach((key, view) => save(`k${view + 1}`, key))
    const student = studentAnswer(config, inputs.views, inputs.shown, parameters)
    student.queries.forEach((query, view) => save(`q${view + 1}`, query))
    student.projections.forEach((each, view) => save(`projection${view + 1}`, each))
    const logits = detectedLogits(student.tokens, parameters)
    for (const view of [0, 1]) {
      const own = [view * images, 0]
      save(`detector_logits${view + 1}`, logits.slice(own, [images, -1]))
      const patches = patchTokensOf(student.tokens)
      save(`student_tokens${view + 1}`, patches.slice([...own, 0], [images, -1, -1]))
    }
    const step = {
      ...inputs,
      keys,
      weight: tf.scalar(lambda),
      temperature: tf.scalar(root.number('cfg', 'T')),
    }
    return tf.valueAndGrads(() => {
      const result = mocoStep(config, step, parameters)
      for (const [name, term] of Object.entries(result.terms)) terms[name] = tf.keep(term.clone())
      return result.loss
    })(parameters.tensors())
  })
  const host = async (tensors: Iterable<readonly [string, tf.Tensor]>) => {
    const read = new Map<string, Float32Array>()
    for (const [name, tensor] of tensors) read.set(name, await take(tensor))
    return read
  }
  const names = parameters.segments.map(({ name }) => name)
  return {
    loss: (await take(value))[0]!,
    terms: await host(Object.entries(terms)),
    outputs: await host(outputs),
    gradients: await host(grads.map((tensor, i) => [names[i]!, tensor])),
  }
}

const bceOf = (logits: Float32Array, labels: readonly number[]): number =>
  labels.reduce((sum, label, i) => {
    const logit = logits[i]!
    return sum + Math.max(logit, 0) - logit * label + Math.log1p(Math.exp(-Math.abs(logit)))
  }, 0) / labels.length

const aurocOf = async (logits: Float32Array, labels: FullTensor): Promise<number> => {
  const { auroc } = tf.tidy(() => ({
    auroc: detectionStatistics(upload({ ...labels, data: logits }), upload(labels)).auroc,
  }))
  return (await take(auroc))[0]!
}

/** Expects every gradient, and all together, to be those of a part of the file. */
function expectGradients(gradients: ReadonlyMap<string, Float32Array>, part: GoldenNode): void {
  const [scale, reference] = [part.number('grad_global_norm'), part.tensors('grads')]
  expectTensors(gradients, reference, gradient, scale)
  expectWholeGradient(gradients, reference, scale, wholeGradient)
}

describeGolden(
  ({ method }) => method === 'dilemma+moco-v3',
  ({ root }) => {
    const lambda = root.number('cfg', 'lam')

    test('D9 and D10 losses, every output, every gradient, and the teacher that was moved before', async () => {
      const parameters = goldenParameters(engine(), root)
      const { loss, terms, outputs, gradients } = await runStep(root, parameters, lambda)
      expectLoss(loss, root.number('losses', 'total'), lossTolerance)
      expectLoss(terms.get('hostLoss')![0]!, root.number('losses', 'host'), lossTolerance, 'host')
      const bces = [1, 2].map((view) => root.number('losses', `bce${view}`))
      const bce = (bces[0]! + bces[1]!) / 2
      expectLoss(terms.get('bce')![0]!, bce, lossTolerance, 'bce')
      expectTensors(outputs, root.tensors('outputs'), output)
      for (const [view, expected] of bces.entries()) {
        const labels = root.full('views', view, 'labels')
        const logits = outputs.get(`detector_logits${view + 1}`)!
        expectLoss(bceOf(logits, labels.data), expected, lossTolerance, `bce${view + 1}`)
        const auroc = await aurocOf(logits, labels)
        expectLoss(auroc, root.at('detector_auroc', view).number(), lossTolerance, 'AUROC')
      }

      expect([...gradients.keys()].sort()).toEqual([...root.texts('trainable')].sort())
      expectGradients(gradients, root)
      const normOf = (values: Float32Array): number => Math.hypot(...values)
      const globalNorm = root.number('grad_global_norm')
      for (const [name, norm] of root.entries('grad_norms'))
        expect(Math.abs(normOf(gradients.get(name)!) - norm.number()), name).toBeLessThan(
          gradient * Math.max(norm.number(), 1e-3 * globalNorm),
        )

      const teacher = parameters.teacher!
      const averages = tensorsIn(await teacher.read(), teacher)
      for (const [name, tensor] of teachersOf(root.tensors('teacher_after_ema')))
        expectTensor(averages.get(name)!, tensor, ema, 1, name)
      for (const name of ['predictor.0.weight', 'dilemma_head.weight']) {
        expect(parameters.has(name)).toBe(true)
        expect(teacher.has(name)).toBe(false)
      }
      parameters.dispose()
    })

    test('D24 with λ = 0 the gradient is the host’s alone, and the detector has none', async () => {
      const parameters = goldenParameters(engine(), root)
      const { loss, gradients } = await runStep(root, parameters, 0)
      expectLoss(loss, root.number('grads_lambda0', 'total'), lossTolerance)
      expectGradients(gradients, root.at('grads_lambda0'))
      for (const name of ['dilemma_head.weight', 'dilemma_head.bias'])
        expect([...gradients.get(name)!].every((value) => value === 0)).toBe(true)
      parameters.dispose()
    })
  },
)
