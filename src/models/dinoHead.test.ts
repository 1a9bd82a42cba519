import type * as tf from '@tensorflow/tfjs'
import { describe, expect, it } from 'vitest'
import { normaliseOracle } from '../engine/testing/lossOracle.ts'
import { mlpOracle } from '../engine/testing/mlpOracle.ts'
import { noise } from '../engine/testing/noise.ts'
import { describeOps, useEngine, type OpCase } from '../engine/testing/opCase.ts'
import { geluOracle, linearOracle, type Oracle } from '../engine/testing/oracle.ts'
import type { HostTensor } from '../engine/testing/run.ts'
import { dinoHead, dinoHeadParameters, type DinoHeadConfig } from './dinoHead.ts'
import { randomValues, sourceOf } from './testing/sources.ts'

useEngine()

const base: DinoHeadConfig = {
  width: 8,
  headWidth: 12,
  bottleneck: 6,
  prototypes: 5,
  unitPrototypes: true,
  prototypesFrom: 1,
}

/** The head in float64: inputs x, three layers with biases, the lengths and the directions of the prototypes. */
const headOracle: Oracle = (inputs, dy) => {
  const [x, w0, b0, w2, b2, w4, b4, lengths, directions] = inputs as [
    ...[HostTensor, HostTensor, HostTensor, HostTensor, HostTensor],
    ...[HostTensor, HostTensor, HostTensor, HostTensor],
  ]
  const [rows, width] = [x.shape[0]!, directions.shape[1]!]
  const tensor = (shape: readonly number[], data: ArrayLike<number>): HostTensor => ({
    shape,
    data,
  })
  const hidden = tensor([rows, w2.shape[0]!], mlpOracle([x, w0, b0, w2, b2], []).value)
  const active = tensor(hidden.shape, geluOracle([hidden], []).value)
  const short = tensor([rows, width], linearOracle([active, w4, b4], []).value)
  const normalise = normaliseOracle(1e-12)
  const unit = tensor(short.shape, normalise([short], []).value)
  const direction = tensor(directions.shape, normalise([directions], []).value)
  const prototypes = tensor(
    directions.shape,
    Float64Array.from(direction.data, (value, i) => value * lengths.data[Math.floor(i / width)]!),
  )
  const { value, gradients } = linearOracle([unit, prototypes], dy)
  const [dunit, dprototypes] = gradients as [Float64Array, Float64Array]
  const dlengths = new Float64Array(lengths.data.length)
  const ddirection = dprototypes.map((d, i) => {
    dlengths[Math.floor(i / width)]! += d * direction.data[i]!
    return d * lengths.data[Math.floor(i / width)]!
  })
  const [ddirections] = normalise([directions], ddirection).gradients
  const [dshort] = normalise([short], dunit).gradients
  const [dactive, dw4, db4] = linearOracle([active, w4, b4], dshort!).gradients
  const [dhidden] = geluOracle([hidden], dactive!).gradients
  const first = mlpOracle([x, w0, b0, w2, b2], dhidden!).gradients
  return { value, gradients: [...first, dw4!, db4!, dlengths, ddirections!] }
}

const caseOf = (rows: number, changes: Partial<DinoHeadConfig>): OpCase => {
  const config = { ...base, ...changes }
  const specs = dinoHeadParameters(config, 1)
  const { width, headWidth, bottleneck, prototypes } = config
  return {
    name: `a head ${[width, headWidth, headWidth, bottleneck, prototypes].join(' → ')} of ${rows} rows`,
    op: (x, ...tensors) => dinoHead(x as tf.Tensor2D, sourceOf(specs, tensors)),
    oracle: headOracle,
    inputs: [noise([rows, width], 1), ...randomValues(specs, 0.4)],
    shape: [rows, prototypes],
  }
}

describeOps([
  caseOf(1, { width: 3, headWidth: 5, bottleneck: 2, prototypes: 3 }),
  caseOf(33, { width: 24, headWidth: 40, bottleneck: 16, prototypes: 96 }),
])

describe('parameters of the head', () => {
  const specs = dinoHeadParameters({ ...base, headWidth: 40, prototypes: 50 }, 1)

  it('have the official names', () => {
    expect(specs.map(({ name, shape }) => `${name} ${shape.join('×')}`)).toEqual([
      ...['mlp.0.weight 40×8', 'mlp.0.bias 40', 'mlp.2.weight 40×40', 'mlp.2.bias 40'],
      ...['mlp.4.weight 6×40', 'mlp.4.bias 6'],
      ...['last_layer.weight_g 50×1', 'last_layer.weight_v 50×6'],
    ])
  })

  it('begin small and without bias, the prototypes with length 1 and even directions', () => {
    for (const { name, initial } of specs) {
      const values = [...initial()]
      const largest = Math.max(...values.map(Math.abs))
      if (name.endsWith('bias')) expect(new Set(values), name).toEqual(new Set([0]))
      else if (name.endsWith('weight_g')) expect(new Set(values)).toEqual(new Set([1]))
      else if (name.endsWith('weight_v')) {
        expect(largest).toBeLessThanOrEqual(Math.sqrt(1 / 6))
        expect(largest).toBeGreaterThan(0.9 * Math.sqrt(1 / 6))
      } else expect(largest, name).toBeLessThan(0.1)
    }
  })

  it('wait for their first step; lengths of 1 are never trained', () => {
    const from = (changes: Partial<DinoHeadConfig>): (number | undefined)[] =>
      dinoHeadParameters({ ...base, ...changes }, 1).map(({ trainedFrom }) => trainedFrom)
    const layers = Array.from({ length: 6 }, () => undefined)
    expect(from({ prototypesFrom: 126 })).toEqual([...layers, Infinity, 126])
    expect(from({ prototypesFrom: 126, unitPrototypes: false })).toEqual([...layers, 126, 126])
  })
})
