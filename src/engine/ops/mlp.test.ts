import * as tf from '@tensorflow/tfjs'
import { describe, expect, it } from 'vitest'
import { mlpOracle, withResidual } from '../testing/mlpOracle.ts'
import { noise } from '../testing/noise.ts'
import { describeOps, useEngine, type OpCase } from '../testing/opCase.ts'
import { opCost } from '../testing/opCost.ts'
import { upload, valueAndGradients } from '../testing/run.ts'
import { gelu } from './gelu.ts'
import { linear } from './linear.ts'
import { mlp } from './mlp.ts'

const engine = useEngine()

const mlpCase = (shape: number[], hidden: number, outputs: number): OpCase => {
  const inputs = shape.at(-1)!
  return {
    name: `mlp [${shape.join()}] → ${hidden} → ${outputs}`,
    op: (x, w1, b1, w2, b2) => mlp(x, w1, b1, w2, b2),
    oracle: mlpOracle,
    inputs: [
      noise(shape, 1),
      noise([hidden, inputs], 2, 2 * inputs ** -0.5),
      noise([hidden], 3),
      noise([outputs, hidden], 4, hidden ** -0.5),
      noise([outputs], 5),
    ],
    shape: [...shape.slice(0, -1), outputs],
  }
}

const residualCase = (shape: number[], hidden: number, repeated = false): OpCase => {
  const plain = mlpCase(shape, hidden, shape.at(-1)!)
  return {
    ...plain,
    name: `${plain.name} + ${repeated ? 'repeated ' : ''}residual`,
    op: (x, w1, b1, w2, b2, residual) => mlp(x, w1, b1, w2, b2, { residual }),
    oracle: withResidual(mlpOracle),
    inputs: [...plain.inputs, noise(repeated ? [1, ...shape.slice(1)] : shape, 6)],
  }
}

describeOps([
  mlpCase([1, 1], 1, 1),
  mlpCase([3, 5, 7], 11, 6),
  mlpCase([9, 8], 12, 4),
  residualCase([3, 17, 20], 80),
  residualCase([3, 5, 7], 10),
  residualCase([3, 5, 8], 12, true),
  residualCase([2, 65, 64], 256),
])

it('gives what its parts give', async () => {
  const { op, inputs, shape } = mlpCase([5, 13, 16], 64, 12)
  const dy = noise(shape, 7)
  const parts = (x: tf.Tensor, w1: tf.Tensor, b1: tf.Tensor, w2: tf.Tensor, b2: tf.Tensor) =>
    linear(gelu(linear(x, w1, b1)), w2, b2)
  const whole = await valueAndGradients(op, inputs, dy)
  const apart = await valueAndGradients(parts, inputs, dy)
  expect(whole.value).toEqual(apart.value)
  const [dx, dw1, db1, dw2, db2] = whole.gradients
  expect([dw2, db2]).toEqual(apart.gradients.slice(3))
  const close = (actual: Float32Array, expected: Float32Array): void => {
    expected.forEach((value, i) => expect(actual[i]).toBeCloseTo(value, 4))
  }
  ;[dx, dw1, db1].forEach((gradient, i) => close(gradient!, apart.gradients[i]!))
})

it('keeps only what GELU is applied to for its gradient', () => {
  const { op, inputs } = mlpCase([4, 16, 32], 128, 32)
  const tensors = inputs.map(upload)
  op(...tensors).dispose()
  const bytes = (): number => {
    engine().submit()
    return engine().backend.memory().numBytesInGPU
  }
  const before = bytes()
  let held = 0
  const gradients = tf.grads((...xs) => {
    const y = op(...xs)
    held = bytes() - before
    return y
  })(tensors)
  tf.dispose([tensors, gradients])
  expect(held).toBe(4 * 64 * (128 + 32))
})

describe('cost in dispatches', () => {
  it.each([
    { ...mlpCase([16, 65, 64], 256, 64), cost: [2, 8] },
    { ...residualCase([16, 65, 64], 256), cost: [2, 8] },
    { ...mlpCase([3, 20, 64], 256, 64), cost: [2, 6] },
  ])('$name', ({ cost, ...item }) => {
    expect(opCost(item)).toEqual(cost)
  })
})
