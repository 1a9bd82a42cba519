import * as tf from '@tensorflow/tfjs'
import { describe, expect, it } from 'vitest'
import { countDispatches } from '../testing/dispatches.ts'
import { noise, worstError } from '../testing/noise.ts'
import { describeOps, useEngine, type OpCase } from '../testing/opCase.ts'
import { geluOracle, layerNormOracle, type Oracle } from '../testing/oracle.ts'
import { take, upload, valueAndGradients } from '../testing/run.ts'
import { VARIANTS, type Variant } from '../variant.ts'
import { layerNorm, layerNormGelu, layerNormSkip } from './layerNorm.ts'

useEngine()

const EPSILON = 1e-6

const inputsOf = (shape: number[]) => {
  const width = shape.at(-1)!
  return [noise(shape, 2, 2, 1), noise([width], 3, 0.5, 1), noise([width], 4)]
}

const normCase = (variant: Variant, shape: number[]): OpCase => ({
  name: `layerNorm ${variant} [${shape.join()}]`,
  op: (x, weight, bias) => layerNorm(x, weight, bias, EPSILON, variant),
  oracle: layerNormOracle(EPSILON),
  inputs: inputsOf(shape),
  shape,
})

/** Of 2 · normal + skip · skip. */
const skipOracle: Oracle = (inputs, dy) => {
  const doubled = Float64Array.from(dy, (d) => 2 * d)
  const { value, gradients } = layerNormOracle(EPSILON)(inputs, doubled)
  const x = inputs[0]!.data
  return {
    value: value.map((normal, i) => 2 * normal + x[i]! * x[i]!),
    gradients: gradients.with(
      0,
      gradients[0]!.map((dx, i) => dx + 2 * x[i]! * dy[i]!),
    ),
  }
}

const skipCase = (variant: Variant, shape: number[]): OpCase => ({
  name: `layerNormSkip ${variant} [${shape.join()}]`,
  op: (x, weight, bias) => {
    const { normal, skip } = layerNormSkip(x, weight, bias, EPSILON, variant)
    return normal.mul(2).add(skip.mul(skip))
  },
  oracle: skipOracle,
  inputs: inputsOf(shape),
  shape,
})

/** GELU after layer norm. */
const activatedOracle: Oracle = (inputs, dy) => {
  const norm = layerNormOracle(EPSILON)
  const { value: normal } = norm(inputs, dy)
  const { value, gradients } = geluOracle([{ ...inputs[0]!, data: normal }], dy)
  return { value, gradients: norm(inputs, gradients[0]!).gradients }
}

const activatedCase = (variant: Variant, shape: number[]): OpCase => ({
  name: `layerNormGelu ${variant} [${shape.join()}]`,
  op: (x, weight, bias) => layerNormGelu(x, weight, bias, EPSILON, variant),
  oracle: activatedOracle,
  inputs: inputsOf(shape),
  shape,
})

const SHAPES = [
  [1, 1],
  [2, 5, 13],
  [67, 64],
  [4, 65, 192],
  [31, 517],
  [5, 1100],
]

describeOps(
  VARIANTS.flatMap((variant) => [
    ...SHAPES.map((shape) => normCase(variant, shape)),
    skipCase(variant, [3, 7]),
    skipCase(variant, [4, 65, 48]),
    activatedCase(variant, [1, 1]),
    activatedCase(variant, [67, 13]),
    activatedCase(variant, [9, 517]),
  ]),
)

it('takes GELU along in the dispatches of teams', () => {
  const [x, weight, bias] = inputsOf([16, 64]).map(upload)
  const dy = tf.onesLike(x!)
  const op = (...inputs: tf.Tensor[]) =>
    layerNormGelu(inputs[0]!, inputs[1]!, inputs[2]!, EPSILON, 'teams')
  expect(countDispatches(() => op(x!, weight!, bias!).dispose())).toBe(1)
  expect(countDispatches(() => tf.dispose(tf.grads(op)([x!, weight!, bias!], dy)))).toBe(3)
  tf.dispose([x!, weight!, bias!, dy])
})

describe.each(VARIANTS)('layer norm, %s', (variant) => {
  it('keeps its digits far from zero', async () => {
    const inputs = [noise([8, 192], 1, 1, 1000), noise([192], 2), noise([192], 3)]
    const expected = layerNormOracle(EPSILON)(inputs, inputs[0]!.data).value
    const [x, weight, bias] = inputs.map(upload)
    const actual = await take(layerNorm(x!, weight!, bias!, EPSILON, variant))
    tf.dispose([x!, weight!, bias!])
    expect(worstError(actual, expected)).toBeLessThan(2e-4)
  })

  it('takes one dispatch forward and two backward', () => {
    const [x, weight, bias] = inputsOf([16, 65, 64]).map(upload)
    const dy = tf.onesLike(x!)
    const op = (...inputs: tf.Tensor[]) =>
      layerNorm(inputs[0]!, inputs[1]!, inputs[2]!, EPSILON, variant)
    expect(countDispatches(() => op(x!, weight!, bias!).dispose())).toBe(1)
    expect(countDispatches(() => tf.dispose(tf.grads(op)([x!, weight!, bias!], dy)))).toBe(3)
    tf.dispose([x!, weight!, bias!, dy])
  })

  describe('with a skip', () => {
    const inputs = inputsOf([5, 11])
    type Parts = ReturnType<typeof layerNormSkip>
    const apart =
      (join: (parts: Parts) => tf.Tensor) =>
      (...[x, weight, bias]: tf.Tensor[]) =>
        join(layerNormSkip(x!, weight!, bias!, EPSILON, variant))

    it('is a plain layer norm where the skip is not used', async () => {
      const dy = noise([5, 11], 5)
      const used = await valueAndGradients(
        apart(({ normal }) => normal),
        inputs,
        dy,
      )
      const plain = await valueAndGradients(
        (x, weight, bias) => layerNorm(x, weight, bias, EPSILON, variant),
        inputs,
        dy,
      )
      expect(used).toEqual(plain)
    })

    it('passes x and its gradient where the norm is not used', async () => {
      const dy = noise([5, 11], 5)
      const { value, gradients } = await valueAndGradients(
        apart(({ skip }) => skip),
        inputs,
        dy,
      )
      expect(value).toEqual(inputs[0]!.data)
      expect(gradients[0]).toEqual(dy.data)
      expect([...gradients[1]!, ...gradients[2]!]).toEqual(new Array(22).fill(0))
    })

    it('adds both gradients without a dispatch of its own', () => {
      const tensors = inputs.map(upload)
      const [a, b] = [tf.ones([5, 11]), tf.ones([5, 11])]
      const both = tf.grads(apart(({ normal, skip }) => normal.mul(a).add(skip.mul(b))))
      const one = tf.grads(apart(({ normal }) => normal.mul(a)))
      const normalOnly = countDispatches(() => tf.dispose(one(tensors)))
      // Beyond the norm alone: the product and the sum forward, and backward the gradient of the product.
      expect(countDispatches(() => tf.dispose(both(tensors)))).toBe(normalOnly + 3)
      tf.dispose([...tensors, a, b])
    })
  })
})
