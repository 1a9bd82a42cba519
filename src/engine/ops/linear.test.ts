import * as tf from '@tensorflow/tfjs'
import { describe, expect, it } from 'vitest'
import { withResidual } from '../testing/mlpOracle.ts'
import { noise } from '../testing/noise.ts'
import { describeOps, useEngine, type OpCase } from '../testing/opCase.ts'
import { opCost } from '../testing/opCost.ts'
import { linearOracle, type Oracle } from '../testing/oracle.ts'
import { upload } from '../testing/run.ts'
import { linear } from './linear.ts'

useEngine()

const linearCase = (shape: number[], outputs: number, withBias = true): OpCase => {
  const inputs = shape.at(-1)!
  return {
    name: `linear [${shape.join()}] → ${outputs}${withBias ? '' : ' without bias'}`,
    op: (...given) => linear(given[0]!, given[1]!, given[2] ?? null),
    oracle: linearOracle,
    inputs: [
      noise(shape, 5),
      noise([outputs, inputs], 6, inputs ** -0.5),
      ...(withBias ? [noise([outputs], 7)] : []),
    ],
    shape: [...shape.slice(0, -1), outputs],
  }
}

const residualCase = (shape: number[], outputs: number, repeated: boolean): OpCase => {
  const plain = linearCase(shape, outputs)
  const added = repeated ? [1, ...plain.shape.slice(1)] : plain.shape
  return {
    ...plain,
    name: `${plain.name} + ${repeated ? 'repeated ' : ''}residual`,
    op: (x, weight, bias, residual) => linear(x, weight, bias, { residual }),
    oracle: withResidual(linearOracle),
    inputs: [...plain.inputs, noise(added, 8)],
  }
}

/** The layer with a constant x. */
const dataCase = (shape: number[], outputs: number): OpCase => {
  const { name, inputs, shape: result } = linearCase(shape, outputs)
  const [x, ...parameters] = inputs
  const oracle: Oracle = (given, dy) => {
    const { value, gradients } = linearOracle([x!, ...given], dy)
    return { value, gradients: gradients.slice(1) }
  }
  return {
    name: `${name} of data`,
    op: (weight, bias) => linear(upload(x!), weight, bias, { inputGradient: false }),
    oracle,
    inputs: parameters,
    shape: result,
  }
}

describeOps([
  linearCase([1, 1], 1),
  linearCase([7, 5], 9),
  linearCase([3, 5, 7], 11, false),
  linearCase([33, 8], 65),
  linearCase([9, 6], 12),
  linearCase([5, 12], 6),
  linearCase([2, 65, 192], 48),
  linearCase([16, 2048], 8),
  linearCase([4, 65, 64], 256, false),
  residualCase([3, 5, 7], 6, false),
  residualCase([3, 65, 32], 64, false),
  residualCase([3, 5, 7], 6, true),
  residualCase([70, 5, 8], 12, true),
  dataCase([3, 17, 48], 20),
])

it('refuses a residual that does not fit', () => {
  tf.tidy(() => {
    const [x, weight, bias] = linearCase([2, 3, 4], 5).inputs.map(upload)
    const add = (shape: number[]) => () =>
      linear(x!, weight!, bias!, { residual: upload(noise(shape, 1)) })
    expect(add([1, 1, 5])).toThrow('[1,1,5] for [2,3,5]')
    expect(add([3, 5])).toThrow('[3,5] for [2,3,5]')
  })
})

describe('cost in dispatches', () => {
  it.each([
    { ...linearCase([16, 65, 64], 128), cost: [1, 4] },
    { ...linearCase([16, 65, 64], 128, false), cost: [1, 4] },
    { ...linearCase([3, 20, 64], 128), cost: [1, 3] },
    { ...residualCase([16, 65, 64], 128, false), cost: [1, 4] },
    { ...residualCase([16, 65, 64], 128, true), cost: [1, 5] },
    { ...dataCase([16, 65, 64], 128), cost: [1, 3] },
  ])('$name', ({ cost, ...item }) => {
    expect(opCost(item)).toEqual(cost)
  })
})
