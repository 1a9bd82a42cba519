import { describe, expect, it } from 'vitest'
import type * as tf from '@tensorflow/tfjs'
import { batchNormOracle, batchNormReluOracle } from '../engine/testing/batchNormOracle.ts'
import { noise } from '../engine/testing/noise.ts'
import { describeOps, useEngine, type OpCase } from '../engine/testing/opCase.ts'
import { linearOracle, type Oracle } from '../engine/testing/oracle.ts'
import type { HostTensor } from '../engine/testing/run.ts'
import {
  batchNormHead,
  batchNormHeadParameters,
  sequentialNames,
  type BatchNormHead,
  type LastNorm,
} from './batchNormHead.ts'
import { randomValues, sourceOf } from './testing/sources.ts'

useEngine()

const EPSILON = 1e-5

const headOf = (last: LastNorm, sizes: readonly number[]): BatchNormHead => ({
  sizes,
  last,
  ...sequentialNames('head'),
})

/** Linear layers, batch norm and ReLU by turns in float64; every norm over all rows. */
const headOracle =
  ({ sizes, last }: BatchNormHead): Oracle =>
  ([x, ...parameters], dy) => {
    const passed: { oracle: Oracle; inputs: HostTensor[]; own: number }[] = []
    const rows = x!.shape[0]!
    let [value, at]: [HostTensor, number] = [x!, 0]
    const add = (oracle: Oracle, columns: number, own: number, constants: HostTensor[] = []) => {
      const inputs = [value, ...parameters.slice(at, at + own), ...constants]
      at += own
      passed.push({ oracle, inputs, own })
      const shape = [rows, columns]
      value = { shape, data: oracle(inputs, new Float64Array(rows * columns)).value }
    }
    sizes.slice(1).forEach((columns, layer) => {
      add(linearOracle, columns, 1)
      if (layer < sizes.length - 2) add(batchNormReluOracle(EPSILON, true), columns, 2)
      else if (last === 'noAffine') add(batchNormOracle(EPSILON), columns, 0)
      else if (last === 'scale')
        add(batchNormOracle(EPSILON), columns, 1, [
          { shape: [columns], data: new Float64Array(columns) },
        ])
    })
    let gradient = Float64Array.from(dy)
    const gradients: Float64Array[] = []
    for (const { oracle, inputs, own } of passed.toReversed()) {
      const [dx, ...others] = oracle(inputs, gradient).gradients
      gradients.unshift(...others.slice(0, own))
      gradient = Float64Array.from(dx!)
    }
    return { value: Float64Array.from(value.data), gradients: [gradient, ...gradients] }
  }

const caseOf = (last: LastNorm, rows: number, ...sizes: number[]): OpCase => {
  const head = headOf(last, sizes)
  const specs = batchNormHeadParameters(head, 1)
  return {
    name: `a head ${sizes.join(' → ')} of ${rows} rows, at last ${last}`,
    op: (x, ...tensors) => batchNormHead(x as tf.Tensor2D, head, sourceOf(specs, tensors)),
    oracle: headOracle(head),
    inputs: [noise([rows, sizes[0]!], 1), ...randomValues(specs, 0.7)],
    shape: [rows, sizes.at(-1)!],
  }
}

describeOps([
  caseOf('none', 5, 3, 2),
  caseOf('noAffine', 7, 6, 5),
  caseOf('noAffine', 16, 6, 9, 5, 4),
  caseOf('scale', 9, 5, 7, 3),
  caseOf('none', 12, 4, 6, 7),
  caseOf('noAffine', 64, 24, 64, 64, 16),
])

describe('parameters of a head', () => {
  const named = (head: BatchNormHead): string[] =>
    batchNormHeadParameters(head, 1).map(({ name, shape }) => `${name} ${shape.join('×')}`)

  it('are named by their places among linear layers, norms and activations', () => {
    expect(named(headOf('noAffine', [8, 12, 12, 6]))).toEqual([
      ...['head.0.weight 12×8', 'head.1.weight 12', 'head.1.bias 12'],
      ...['head.3.weight 12×12', 'head.4.weight 12', 'head.4.bias 12'],
      'head.6.weight 6×12',
    ])
  })

  it('are named as one likes; a scale has no bias', () => {
    const names = {
      linear: (layer: number) => `proj.fc${layer}`,
      norm: (layer: number) => `proj.bn${layer}`,
    }
    expect(named({ sizes: [4, 4, 3], last: 'scale', ...names })).toEqual([
      ...['proj.fc0.weight 4×4', 'proj.bn0.weight 4', 'proj.bn0.bias 4'],
      ...['proj.fc1.weight 3×4', 'proj.bn1.weight 3'],
    ])
  })

  it('are drawn by torch’s rule for linear layers; norms begin as none and know no decay', () => {
    for (const spec of batchNormHeadParameters(headOf('scale', [40, 60, 20]), 1)) {
      const { name, shape, decay } = spec
      const values = [...spec.initial()]
      expect(decay, name).toBe(shape.length === 2)
      if (shape.length === 2) {
        const largest = Math.max(...values.map(Math.abs))
        expect(largest, name).toBeLessThanOrEqual(1 / Math.sqrt(shape[1]!))
        expect(largest, name).toBeGreaterThan(0.95 / Math.sqrt(shape[1]!))
      } else expect(new Set(values), name).toEqual(new Set([name.endsWith('.bias') ? 0 : 1]))
    }
  })
})
