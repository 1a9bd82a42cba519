import * as tf from '@tensorflow/tfjs'
import { describe, expect, it } from 'vitest'
import { convolutionOracle } from '../testing/convolutionOracle.ts'
import { countDispatches } from '../testing/dispatches.ts'
import { noise } from '../testing/noise.ts'
import { describeOps, useEngine, type OpCase } from '../testing/opCase.ts'
import { take, upload } from '../testing/run.ts'
import { convolution } from './convolution.ts'
import type { ConvolutionWay } from './convolutionLayer.ts'
import { directConvolution } from './directConvolution.ts'

useEngine()

type Images = [batch: number, height: number, width: number, channels: number]

interface Choice {
  readonly stride: number
  readonly padding: number
  readonly bias: boolean
  readonly way: ConvolutionWay
}

const convolutionCase = (
  shape: Images,
  [outputs, high, broad]: [number, number, number],
  { stride = 1, padding = 0, bias = false, way }: Partial<Choice>,
): OpCase => {
  const [batch, height, width, inputs] = shape
  const side = (length: number, kernel: number): number =>
    Math.floor((length + 2 * padding - kernel) / stride) + 1
  return {
    name: `[${shape.join()}] → ${outputs} by ${high} × ${broad}, stride ${stride}, padding ${padding}${bias ? ', bias' : ''}${way ? ', directly' : ''}`,
    op: (...given) =>
      convolution(
        given[0] as tf.Tensor4D,
        given[1] as tf.Tensor4D,
        (given[2] ?? null) as tf.Tensor1D | null,
        { stride, padding, ...(way && { way }) },
      ),
    oracle: convolutionOracle(stride, padding),
    inputs: [
      noise(shape, 1),
      noise([outputs, inputs, high, broad], 2, (inputs * high * broad) ** -0.5),
      ...(bias ? [noise([outputs], 3)] : []),
    ],
    shape: [batch, side(height, high), side(width, broad), outputs],
  }
}

const production = convolutionCase([2, 16, 16, 64], [64, 3, 3], { padding: 1 })

describeOps([
  convolutionCase([1, 1, 1, 1], [1, 1, 1], {}),
  convolutionCase([1, 1, 1, 3], [5, 3, 3], { padding: 1, bias: true }),
  convolutionCase([2, 7, 7, 3], [5, 3, 3], { padding: 1 }),
  convolutionCase([2, 8, 8, 4], [3, 3, 3], { stride: 2, padding: 1, bias: true }),
  convolutionCase([1, 6, 6, 5], [6, 1, 1], { stride: 2 }),
  convolutionCase([3, 5, 6, 4], [12, 3, 3], { stride: 2, padding: 1 }),
  convolutionCase([2, 9, 7, 6], [8, 4, 2], { stride: 3, padding: 2, bias: true }),
  convolutionCase([2, 5, 5, 8], [4, 5, 5], {}),
  convolutionCase([2, 3, 3, 4], [4, 2, 2], { stride: 3 }),
  convolutionCase([2, 5, 3, 4], [8, 2, 3], { padding: 1, bias: true }),
  convolutionCase([2, 3, 5, 4], [8, 1, 1], { padding: 1 }),
  convolutionCase([2, 3, 5, 8], [12, 1, 1], { bias: true }),
  convolutionCase([2, 3, 5, 7], [3, 1, 1], {}),
  convolutionCase([3, 5, 6, 4], [12, 3, 3], { stride: 2, padding: 1, way: directConvolution }),
  convolutionCase([4, 32, 32, 3], [32, 3, 3], { padding: 1 }),
  convolutionCase([4, 16, 16, 32], [64, 3, 3], { stride: 2, padding: 1 }),
  convolutionCase([4, 16, 16, 32], [64, 1, 1], { stride: 2 }),
  production,
])

describe('convolution', () => {
  it('refuses filters that do not fit', () => {
    const x = tf.zeros<tf.Rank.R4>([1, 4, 4, 3])
    expect(() => convolution(x, tf.zeros([2, 4, 3, 3]), null)).toThrow('4 channels')
    expect(() => convolution(x, tf.zeros([2, 3, 5, 3]), null)).toThrow('5 × 3')
    x.dispose()
  })

  it('leaves out the gradient of constant images', async () => {
    const [x, weight] = production.inputs.map(upload)
    const options = { padding: 1, constantInput: true }
    const loss = (w: tf.Tensor) => convolution(x as tf.Tensor4D, w as tf.Tensor4D, null, options)
    const dy = tf.tidy(() => tf.onesLike(loss(weight!)))
    const expected = tf.grad((w: tf.Tensor) => production.op(x!, w))(weight!, dy)
    let gradient: tf.Tensor | undefined
    expect(countDispatches(() => (gradient = tf.grad(loss)(weight!, dy)))).toBe(4)
    expect(await take(gradient!)).toEqual(await take(expected))
    tf.dispose([x!, weight!, dy])
  })

  it('costs two dispatches, and four for its gradients', () => {
    const tensors = production.inputs.map(upload)
    const dy = tf.tidy(() => tf.onesLike(production.op(...tensors)))
    const forward = countDispatches(() => production.op(...tensors).dispose())
    const both = countDispatches(() => tf.dispose(tf.grads(production.op)(tensors, dy)))
    tf.dispose([tensors, dy])
    expect([forward, both]).toEqual([2, 6])
  })
})
