import { describe, expect, it } from 'vitest'
import type * as tf from '@tensorflow/tfjs'
import { noise } from '../engine/testing/noise.ts'
import { describeOps, useEngine, type OpCase } from '../engine/testing/opCase.ts'
import { geluOracle, layerNormOracle, linearOracle, type Oracle } from '../engine/testing/oracle.ts'
import type { HostTensor } from '../engine/testing/run.ts'
import { normHead, normHeadParameters } from './normHead.ts'
import { randomValues, sourceOf } from './testing/sources.ts'

useEngine()

/** Linear, layer norm and GELU by turns, in float64. */
const headOracle: Oracle = ([x, ...parameters], dy) => {
  const layers: { oracle: Oracle; inputs: HostTensor[] }[] = []
  let value: HostTensor = x!
  const add = (oracle: Oracle, ...more: HostTensor[]): void => {
    const inputs = [value, ...more]
    layers.push({ oracle, inputs })
    const columns = oracle === linearOracle ? more[0]!.shape[0]! : value.shape[1]!
    value = { shape: [x!.shape[0]!, columns], data: oracle(inputs, []).value }
  }
  add(linearOracle, ...parameters.slice(0, 2))
  for (let at = 2; at < parameters.length; at += 4) {
    add(layerNormOracle(1e-5), ...parameters.slice(at, at + 2))
    add(geluOracle)
    add(linearOracle, ...parameters.slice(at + 2, at + 4))
  }
  let gradient = Float64Array.from(dy)
  const gradients: Float64Array[] = []
  for (const { oracle, inputs } of layers.toReversed()) {
    const [dx, ...others] = oracle(inputs, gradient).gradients
    gradients.unshift(...others)
    gradient = Float64Array.from(dx!)
  }
  return { value: Float64Array.from(value.data), gradients: [gradient, ...gradients] }
}

const caseOf = (rows: number, ...sizes: number[]): OpCase => {
  const specs = normHeadParameters('head', sizes, 1)
  return {
    name: `a head ${sizes.join(' → ')} of ${rows} rows`,
    op: (x, ...tensors) => normHead(x as tf.Tensor2D, 'head', sourceOf(specs, tensors)),
    oracle: headOracle,
    inputs: [noise([rows, sizes[0]!], 1), ...randomValues(specs, 0.4)],
    shape: [rows, sizes.at(-1)!],
  }
}

describeOps([
  caseOf(1, 3, 2),
  caseOf(5, 6, 7, 5),
  caseOf(3, 12, 9, 17, 4),
  caseOf(33, 24, 64, 64, 16),
])

describe('parameters of a head', () => {
  it('are named by their places among linear layers, norms and activations', () => {
    const specs = normHeadParameters('head', [8, 12, 12, 6], 1)
    expect(specs.map(({ name, shape }) => `${name} ${shape.join('×')}`)).toEqual([
      ...['head.0.weight 12×8', 'head.0.bias 12', 'head.1.weight 12', 'head.1.bias 12'],
      ...['head.3.weight 12×12', 'head.3.bias 12', 'head.4.weight 12', 'head.4.bias 12'],
      ...['head.6.weight 6×12', 'head.6.bias 6'],
    ])
  })

  it('are drawn after Xavier; only the weights of linear layers decay', () => {
    for (const { name, shape, decay, initial } of normHeadParameters('p', [40, 60, 20], 1)) {
      const values = [...initial()]
      expect(decay, name).toBe(shape.length === 2)
      if (shape.length === 2) {
        const bound = Math.sqrt(6 / (shape[0]! + shape[1]!))
        const largest = Math.max(...values.map(Math.abs))
        expect(largest, name).toBeLessThanOrEqual(bound)
        expect(largest, name).toBeGreaterThan(0.95 * bound)
      } else expect(new Set(values), name).toEqual(new Set([name === 'p.1.weight' ? 1 : 0]))
    }
  })
})
