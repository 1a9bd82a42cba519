import * as tf from '@tensorflow/tfjs'
import { describe, expect, it } from 'vitest'
import { countDispatches } from '../testing/dispatches.ts'
import { noise } from '../testing/noise.ts'
import { describeOps, useEngine, type OpCase } from '../testing/opCase.ts'
import type { Oracle } from '../testing/oracle.ts'
import { take, upload, valueAndGradients } from '../testing/run.ts'
import { mixLayers, partsOf } from './mixLayers.ts'

useEngine()

/** The outputs one after the other, from the layers, the weight and, where `withBias`, the bias. */
const mixOracle =
  (withBias: boolean): Oracle =>
  (inputs, dy) => {
    const layers = inputs.slice(0, withBias ? -2 : -1)
    const [weight, bias] = inputs.slice(layers.length)
    const outputs = weight!.shape[0]!
    const size = layers[0]!.data.length
    const value = new Float64Array(outputs * size)
    const dlayers = layers.map(() => new Float64Array(size))
    const dweight = new Float64Array(outputs * layers.length)
    const dbias = new Float64Array(outputs)
    for (let l = 0; l < outputs; l++)
      for (let i = 0; i < size; i++) {
        const d = dy[l * size + i]!
        value[l * size + i] = bias?.data[l] ?? 0
        dbias[l]! += d
        for (const [k, { data }] of layers.entries()) {
          const at = l * layers.length + k
          value[l * size + i]! += weight!.data[at]! * data[i]!
          dlayers[k]![i]! += weight!.data[at]! * d
          dweight[at]! += d * data[i]!
        }
      }
    return { value, gradients: [...dlayers, dweight, ...(bias ? [dbias] : [])] }
  }

const caseOf = (layers: number, outputs: number, shape: number[], withBias = true): OpCase => ({
  name: `mix of ${layers} layers [${shape.join()}] into ${outputs}${withBias ? ' with bias' : ''}`,
  op: (...given) =>
    tf.stack(mixLayers(given.slice(0, layers), given[layers]!, given[layers + 1] ?? null)),
  oracle: mixOracle(withBias),
  inputs: [
    ...Array.from({ length: layers }, (_, k) => noise(shape, k)),
    noise([outputs, layers], 20, 0.4),
    ...(withBias ? [noise([outputs], 21)] : []),
  ],
  shape: [outputs, ...shape],
})

describeOps([
  caseOf(1, 1, [33001]),
  caseOf(4, 2, [3, 5, 12]),
  caseOf(6, 4, [2, 5, 7], false),
  caseOf(9, 7, [2, 3, 4]),
])

const upTo = ({ start, end }: { start: number; end: number }): number[] =>
  Array.from({ length: end - start }, (_, i) => start + i)

describe('mixLayers', () => {
  it('is the weighted sum of the layers and a constant', async () => {
    const mixed = tf.tidy(() => {
      const layers = [1, 10, 100].map((value) => tf.tensor1d([value]))
      const weight = tf.tensor2d([1, 0, 0, 0.5, 0.5, 0], [2, 3])
      return tf.concat(mixLayers(layers, weight, tf.tensor1d([0, 0.25])))
    })
    expect([...(await take(mixed))]).toEqual([1, 5.75])
  })

  it('passes gradients on from the outputs that are used', async () => {
    const { op, inputs, oracle } = caseOf(2, 3, [4])
    const dy = { shape: [3, 4], data: [0, 0, 0, 0, 1, 2, 3, 4, 0, 0, 0, 0] }
    const one = (...given: tf.Tensor[]): tf.Tensor =>
      mixLayers(given.slice(0, 2), given[2]!, given[3]!)[1]!
    const { gradients } = await valueAndGradients(one, inputs, { shape: [4], data: [1, 2, 3, 4] })
    const all = await valueAndGradients(op, inputs, dy)
    expect(gradients).toEqual(all.gradients)
    const expected = oracle(inputs, dy.data).gradients[2]!
    gradients[2]!.forEach((value, i) => expect(value).toBeCloseTo(expected[i]!, 5))
  })

  it.each([
    { layers: 4, outputs: 2, cost: [1, 4] },
    { layers: 9, outputs: 7, cost: [9, 22] },
  ])('takes few dispatches: $layers into $outputs', ({ layers, outputs, cost }) => {
    const { inputs } = caseOf(layers, outputs, [2, 8])
    const run = (given: tf.Tensor[]): tf.Tensor[] =>
      mixLayers(given.slice(0, layers), given[layers]!, given[layers + 1]!)
    const tensors = inputs.map(upload)
    const forward = countDispatches(() => tf.dispose(run(tensors)))
    // A sum of all outputs costs as many dispatches as there are further outputs, and its gradient none.
    const sum = (...given: tf.Tensor[]): tf.Tensor => run(given).reduce((all, one) => all.add(one))
    const dy = tf.ones([2, 8])
    const both = countDispatches(() => tf.dispose(tf.grads(sum)(tensors, dy)))
    tf.dispose([tensors, dy])
    expect([forward, both - (outputs - 1)]).toEqual(cost)
  })

  it('binds no more buffers than every device allows, and takes each pair once', () => {
    for (let inputs = 1; inputs <= 12; inputs++)
      for (let outputs = 1; outputs <= 12; outputs++) {
        const pairs = partsOf(inputs, outputs, 6).flatMap(({ inputs: some, outputs: others }) => {
          expect(some.end - some.start + others.end - others.start).toBeLessThanOrEqual(6)
          return upTo(others).flatMap((o) => upTo(some).map((i) => o * inputs + i))
        })
        expect(pairs.toSorted((a, b) => a - b)).toEqual(upTo({ start: 0, end: inputs * outputs }))
      }
  })

  it('refuses shapes that do not fit together', () => {
    tf.tidy(() => {
      const layers = [tf.zeros([2, 3]), tf.zeros([2, 3])]
      expect(() => mixLayers(layers, tf.zeros([2, 3]), null)).toThrow(
        'the weight [2,3] should be [2,2]',
      )
      expect(() => mixLayers(layers, tf.zeros([3, 2]), tf.zeros([2]))).toThrow('the bias [2]')
      expect(() => mixLayers([layers[0]!, tf.zeros([3, 2])], tf.zeros([3, 2]), null)).toThrow(
        'a layer [3,2] should be [2,3]',
      )
    })
  })
})
