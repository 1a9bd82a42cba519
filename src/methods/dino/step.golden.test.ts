import * as tf from '@tensorflow/tfjs'
import { expect, test } from 'vitest'
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
  type GoldenNode,
} from '../../fixtures/golden.ts'
import {
  goldenConfig,
  goldenGradients,
  goldenParameters,
  goldenTensors,
  teacherAnswer,
  withoutClass,
} from '../../fixtures/goldenDino.ts'
import { detectorLogits } from '../dilemma/head.ts'
import { CENTRE } from './network.ts'
import { dinoStep, type Answer } from './step.ts'

const engine = useEngine()
const { loss: lossTolerance, output, gradient, wholeGradient } = SHARP_TOLERANCES

/** The step of a file up to its gradients; everything on the host. */
async function runStep(root: GoldenNode, parameters: Parameters, lambda?: number) {
  const kept = new Map<string, tf.Tensor>()
  const keep = (tensors: Readonly<Record<string, tf.Tensor>>): void => {
    for (const [key, tensor] of Object.entries(tensors)) kept.set(key, tf.keep(tensor.clone()))
  }
  const keepAnswer = ({ kinds: [globals], logits }: Answer): void => {
    const { classToken, tokens } = globals!
    const all = tf.concat([classToken.expandDims(1), tokens], 1)
    const found = detectorLogits(tokens, parameters)
    for (const [i, key] of ['1', '2'].entries())
      keep({
        [`student_tokens${key}`]: tf.split(all, 2)[i]!,
        [`detector_logits${key}`]: tf.split(found, 2)[i]!,
      })
    keep({ student_logits: logits })
  }
  const { value, grads } = tf.tidy(() => {
    const teacher = teacherAnswer(root, parameters)
    keep({ teacher_logits: teacher.logits, teacher_class_tokens: teacher.kinds[0]!.classToken })
    return tf.valueAndGrads(() => {
      const tensors = goldenTensors(root, parameters, teacher.logits, lambda)
      const step = dinoStep(goldenConfig(root.at('cfg')), tensors, parameters, keepAnswer)
      keep({ ...step.terms, center_next: step.updates![CENTRE]! })
      return step.loss
    })(parameters.tensors())
  })
  const outputs = new Map<string, Float32Array>()
  for (const [key, tensor] of kept) outputs.set(key, await take(tensor))
  const gradients = new Map<string, Float32Array>()
  for (const [index, tensor] of grads.entries())
    gradients.set(parameters.trained[index]!.name, await take(tensor))
  return { loss: (await take(value))[0]!, outputs, gradients }
}

const softplus = (x: number): number => Math.max(x, 0) + Math.log1p(Math.exp(-Math.abs(x)))

/** Mean binary cross-entropy of logits, in float64. */
const crossEntropy = (logits: Float32Array, labels: readonly number[]): number =>
  logits.reduce((sum, logit, i) => sum + softplus(logit) - logit * labels[i]!, 0) / logits.length

describeGolden(
  ({ method }) => method === 'dilemma+dino',
  ({ root }) => {
    test('losses, outputs, the teacher’s entropy and the next centre', async () => {
      const parameters = goldenParameters(engine(), root)
      const { loss, outputs } = await runStep(root, parameters)
      const losses = root.at('losses')
      const term = (key: string): number => outputs.get(key)![0]!
      expectLoss(loss, losses.number('total'), lossTolerance, 'total')
      expectLoss(term('hostLoss'), losses.number('host'), lossTolerance, 'host')
      expectLoss(term('teacherEntropy'), losses.number('teacher_entropy'), lossTolerance, 'entropy')
      const divergence = losses.number('host') - losses.number('teacher_entropy')
      expectLoss(term('divergence'), divergence, lossTolerance, 'divergence')
      const entropies = ['1', '2'].map((view, i) => {
        const labels = root.full('views', i, 'labels').data
        const entropy = crossEntropy(outputs.get(`detector_logits${view}`)!, labels)
        expectLoss(entropy, losses.number(`bce${view}`), lossTolerance, `bce${view}`)
        return entropy
      })
      expectLoss(term('bce'), (entropies[0]! + entropies[1]!) / 2, lossTolerance, 'bce')
      for (const [key, reference] of root.tensors('outputs'))
        expectTensor(outputs.get(key)!, reference, output, 1, key)
      expect(term('centreNorm')).toBeCloseTo(Math.hypot(...root.full('center').data), 5)
      parameters.dispose()
    })

    test.each([
      ['', undefined],
      [' of the host alone, λ = 0', 0],
    ])('every gradient%s', async (_, lambda) => {
      const parameters = goldenParameters(engine(), root)
      const { loss, gradients } = await runStep(root, parameters, lambda)
      const node = lambda === 0 ? root.at('grads_lambda0') : root
      expectLoss(
        loss,
        lambda === 0 ? node.number('total') : root.number('losses', 'total'),
        lossTolerance,
      )
      const scale = node.number('grad_global_norm')
      const reference = goldenGradients(node.tensors('grads'))
      expectTensors(gradients, reference, gradient, scale)
      expectWholeGradient(gradients, reference, scale, wholeGradient)
      // D24: nothing is learned from wrong places that count for nothing.
      if (lambda === 0)
        for (const name of ['dilemma_head.weight', 'dilemma_head.bias'])
          expect(new Set(gradients.get(name)), name).toEqual(new Set([0]))
      parameters.dispose()
    })
  },
)

describeGolden(
  ({ method, root }) => method === 'dilemma+dino' && root.has('grads_pos_tables'),
  ({ root }) => {
    test('the tables of both kinds of crops, each on its own', async () => {
      const parameters = goldenParameters(engine(), root)
      const [own, local] = tf.tidy(() => {
        const { logits } = teacherAnswer(root, parameters)
        const loss = (positionTable: tf.Tensor): tf.Scalar => {
          const { locals, ...tensors } = goldenTensors(root, parameters, logits)
          const given = { ...locals!, positionTable: positionTable as tf.Tensor3D }
          const config = goldenConfig(root.at('cfg'))
          return dinoStep(config, { ...tensors, locals: given }, parameters).loss
        }
        const table = upload(withoutClass(root.full('pos_local')))
        const trained = parameters.get('backbone.pos_embed')
        return tf.grads((_, given) => loss(given))([trained, table])
      })
      const scale = root.number('grad_global_norm')
      const part = (key: string) => withoutClass(root.full('grads_pos_tables', key))
      expectTensor(await take(own!), part('global_crops'), gradient, scale, 'global crops')
      expectTensor(await take(local!), part('local_table'), gradient, scale, 'local table')
      parameters.dispose()
    })
  },
)
