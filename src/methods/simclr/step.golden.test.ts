import * as tf from '@tensorflow/tfjs'
import { expect, test } from 'vitest'
import type { Parameters } from '../../engine/parameters.ts'
import { useEngine } from '../../engine/testing/opCase.ts'
import { take, upload } from '../../engine/testing/run.ts'
import {
  describeGolden,
  expectLoss,
  expectTensors,
  expectWholeGradient,
  SHARP_TOLERANCES,
  type GoldenNode,
} from '../../fixtures/golden.ts'
import { goldenConfig, goldenParameters } from '../../fixtures/goldenSimclr.ts'
import { detectorLogits } from '../dilemma/head.ts'
import { simclrStep, type Answer, type Pass } from './step.ts'

const engine = useEngine()

const { loss: lossTolerance, output, gradient, wholeGradient } = SHARP_TOLERANCES

/** The views of a file, and what of them is shown, in a pass each. */
const passesOf = (root: GoldenNode): Pass[] =>
  [0, 1].map((view) => {
    const cells = (key: string): tf.Tensor2D => upload(root.full('views', view, key))
    return {
      images: upload(root.full(`x${view + 1}`)).transpose<tf.Tensor4D>([0, 2, 3, 1]),
      shown: { real: cells('real_pos'), claimed: cells('input_pos') },
      labels: cells('labels'),
    }
  })

/** Both passes as one. */
const joined = ([first, second]: Pass[]): Pass[] => [
  {
    images: tf.concat([first!.images, second!.images]),
    shown: {
      real: tf.concat([first!.shown!.real, second!.shown!.real]),
      claimed: tf.concat([first!.shown!.claimed, second!.shown!.claimed]),
    },
    labels: tf.concat([first!.labels!, second!.labels!]),
  },
]

type Read = Map<string, Float32Array>

/** The step up to its gradients, in one pass or in two; everything on the host. */
async function runStep(root: GoldenNode, parameters: Parameters, lambda: number, passes: 1 | 2) {
  const config = goldenConfig(root.at('cfg'))
  const outputs = new Map<string, tf.Tensor>()
  const terms = new Map<string, tf.Tensor>()
  const keepIn = (into: Map<string, tf.Tensor>, key: string, tensor: tf.Tensor): void =>
    void into.set(key, tf.keep(tensor.clone()))
  const { value, grads } = tf.tidy(() => {
    const apart = passesOf(root)
    const [images] = apart[0]!.images.shape
    const onAnswer = ({ encoded, classTokens, projections }: Answer): void => {
      keepIn(outputs, 'class_tokens', classTokens)
      keepIn(outputs, 'projections', projections)
      const tokens = tf.concat(encoded.map((each) => each.tokens))
      const logits = detectorLogits(tokens, parameters)
      for (const view of [0, 1]) {
        const rows = (x: tf.Tensor): tf.Tensor => x.slice(view * images, images)
        keepIn(outputs, `student_tokens${view + 1}`, rows(tokens))
        keepIn(outputs, `detector_logits${view + 1}`, rows(logits))
      }
    }
    const numbers = {
      weight: tf.scalar(lambda),
      temperature: tf.scalar(root.number('cfg', 'T')),
    }
    const step = passes === 1 ? joined(apart) : apart
    return tf.valueAndGrads(() => {
      const result = simclrStep(config, step, numbers, parameters, onAnswer)
      for (const [key, term] of Object.entries(result.terms)) keepIn(terms, key, term)
      return result.loss
    })(parameters.tensors())
  })
  const host = async (tensors: Iterable<readonly [string, tf.Tensor]>): Promise<Read> => {
    const read: Read = new Map()
    for (const [name, tensor] of tensors) read.set(name, await take(tensor))
    return read
  }
  const names = parameters.segments.map(({ name }) => name)
  return {
    loss: (await take(value))[0]!,
    terms: await host(terms),
    outputs: await host(outputs),
    gradients: await host(grads.map((tensor, i) => [names[i]!, tensor])),
  }
}

describeGolden(
  ({ method }) => method === 'dilemma+simclr',
  ({ root }) => {
    const lambda = root.number('cfg', 'lam')

    test.each([1, 2] as const)(
      'losses, every output on the way to them and every gradient, %i passes',
      async (passes) => {
        const parameters = goldenParameters(engine(), root)
        const { loss, terms, outputs, gradients } = await runStep(root, parameters, lambda, passes)
        const expected = (key: string): number => root.number('losses', key)
        expectLoss(loss, expected('total'), lossTolerance)
        const hostLoss = terms.get('hostLoss')![0]!
        expectLoss(hostLoss, expected('ntxent'), lossTolerance, 'host')
        expectLoss(2 * hostLoss, expected('ntxent_published_scaling'), lossTolerance, 'published')
        const bce = (expected('bce1') + expected('bce2')) / 2
        expectLoss(terms.get('bce')![0]!, bce, lossTolerance, 'bce')
        expectTensors(outputs, root.tensors('outputs'), output)
        const [scale, reference] = [root.number('grad_global_norm'), root.tensors('grads')]
        expect([...gradients.keys()].sort()).toEqual([...root.texts('trainable')].sort())
        expectTensors(gradients, reference, gradient, scale)
        expectWholeGradient(gradients, reference, scale, wholeGradient)
        for (const [name, norm] of root.entries('grad_norms'))
          expect(Math.abs(Math.hypot(...gradients.get(name)!) - norm.number()), name).toBeLessThan(
            gradient * Math.max(norm.number(), 1e-3 * scale),
          )
        parameters.dispose()
      },
    )

    test('D24 with λ = 0 the gradient is the host’s alone, and the detector has none', async () => {
      const parameters = goldenParameters(engine(), root)
      const { loss, gradients } = await runStep(root, parameters, 0, 1)
      expectLoss(loss, root.number('grads_lambda0', 'total'), lossTolerance)
      const scale = root.number('grads_lambda0', 'grad_global_norm')
      const reference = root.tensors('grads_lambda0', 'grads')
      expectTensors(gradients, reference, gradient, scale)
      expectWholeGradient(gradients, reference, scale, wholeGradient)
      for (const name of ['dilemma_head.weight', 'dilemma_head.bias'])
        expect([...gradients.get(name)!].every((value) => value === 0)).toBe(true)
      parameters.dispose()
    })
  },
)
