import * as tf from '@tensorflow/tfjs'
import { describe, expect, it } from 'vitest'
import { attention, attentionProbabilities } from './ops/attention.ts'
import { stopGradient } from './ops/stopGradient.ts'
import { countDispatches } from './testing/dispatches.ts'
import { noise, worstError } from './testing/noise.ts'
import { describeOps, useEngine, type OpCase } from './testing/opCase.ts'
import { attentionOracle } from './testing/oracle.ts'
import { take, upload, valueAndGradients, type HostTensor } from './testing/run.ts'

useEngine()

const attentionCase = (
  [batch, tokens, width]: [number, number, number],
  heads: number,
  withBias = false,
): OpCase => ({
  name: `attention [${batch},${tokens},${width}] × ${heads}${withBias ? ' with bias' : ''}`,
  op: (...given) =>
    attention(given[0] as tf.Tensor3D, heads, (given[1] ?? null) as tf.Tensor3D | null),
  oracle: attentionOracle(heads),
  inputs: [
    noise([batch, tokens, 3 * width], 8, 1.5),
    ...(withBias ? [noise([heads, tokens, tokens], 9)] : []),
  ],
  shape: [batch, tokens, width],
})

const cases: OpCase[] = [
  attentionCase([1, 1, 1], 1),
  attentionCase([2, 5, 15], 3),
  attentionCase([2, 5, 15], 3, true),
  attentionCase([1, 67, 20], 4),
  attentionCase([2, 65, 64], 1, true),
  attentionCase([3, 17, 192], 3),
]

describeOps(cases)

describe('attention', () => {
  it('shows its probabilities', async () => {
    for (const bias of [undefined, noise([3, 17, 17], 2)]) {
      const qkv = noise([2, 17, 45], 1, 1.5)
      const inputs = bias ? [qkv, bias] : [qkv]
      const zeros = new Float32Array(2 * 17 * 15)
      const actual = tf.tidy(() =>
        attentionProbabilities(upload(qkv), 3, bias ? upload<tf.Rank.R3>(bias) : null),
      )
      expect(
        worstError(await take(actual), attentionOracle(3)(inputs, zeros).probabilities),
      ).toBeLessThan(1e-6)
    }
  })

  it('is stable for scores of hundreds', async () => {
    const qkv = noise([1, 9, 24], 1, 30)
    const expected = attentionOracle(2)([qkv], new Float32Array(72)).value
    const actual = await take(tf.tidy(() => attention(upload(qkv), 2)))
    expect(worstError(actual, expected)).toBeLessThan(1e-4)
  })
})

describe('stopGradient', () => {
  it('keeps the value and drops the gradient', async () => {
    const x = noise([2, 3], 1)
    const { value, gradients } = await valueAndGradients((t) => t.mul(stopGradient(t)), [x])
    expect(
      worstError(
        value,
        Array.from(x.data, (entry) => entry * entry),
      ),
    ).toBeLessThan(1e-6)
    expect(gradients[0]).toEqual(x.data)
  })
})

describe('cost', () => {
  const dispatches = (op: OpCase['op'], inputs: HostTensor[]): [number, number] => {
    const tensors = inputs.map(upload)
    const dy = tf.tidy(() => tf.onesLike(op(...tensors)))
    const forward = countDispatches(() => op(...tensors).dispose())
    const both = countDispatches(() => tf.dispose(tf.grads(op)(tensors, dy)))
    tf.dispose([tensors, dy])
    return [forward, both]
  }
  it.each([
    [attentionCase([2, 5, 15], 3), [1, 3]],
    [attentionCase([2, 5, 15], 3, true), [1, 4]],
  ])('$name', ({ op, inputs }, expected) => {
    expect(dispatches(op, inputs)).toEqual(expected)
  })
})
