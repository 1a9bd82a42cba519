import * as tf from '@tensorflow/tfjs'
import { describe, expect, it } from 'vitest'
import { countDispatches } from '../testing/dispatches.ts'
import {
  absoluteTerm,
  binaryTerm,
  cosineLossOracle,
  crossEntropyOracle,
  focalOracleTerm,
  meanLossOracle,
  normaliseOracle,
  oneHot,
  squareTerm,
  type OracleTerm,
} from '../testing/lossOracle.ts'
import { noise, worstError } from '../testing/noise.ts'
import { describeOps, useEngine, type OpCase } from '../testing/opCase.ts'
import { take, upload, valueAndGradients, type HostTensor } from '../testing/run.ts'
import { TOLERANCES } from '../testing/tolerances.ts'
import {
  binaryCrossEntropy,
  focalAbsoluteError,
  meanAbsoluteError,
  meanSquaredError,
  type Weighting,
} from './meanLoss.ts'
import { cosineLoss, l2Normalise } from './normalise.ts'
import { softmaxCrossEntropy } from './softmaxCrossEntropy.ts'

useEngine()

type MeanLoss = (p: tf.Tensor, t: tf.Tensor, weighting?: Weighting) => tf.Scalar

/** Weights of 0, 1 and between, not all of them 0. */
const mask = (shape: readonly number[]): HostTensor => {
  const { data } = noise(shape, 3)
  return { shape, data: Array.from(data, (x, i) => (i === 0 ? 1 : Math.max(0, Math.round(x)))) }
}

const focal: MeanLoss = (p, t, weighting) => focalAbsoluteError(p, t, 0.2, weighting)

function meanCase(
  name: string,
  op: MeanLoss,
  term: OracleTerm,
  shape: number[],
  weights?: HostTensor,
  epsilon?: number,
): OpCase {
  const target = noise(shape, 2)
  return {
    name: `${name} [${shape.join()}]${weights ? ` weights [${weights.shape.join()}]` : ''}`,
    op: (x) =>
      op(x, upload(target), weights && { weights: upload(weights), ...(epsilon && { epsilon }) }),
    oracle: meanLossOracle(term, target, weights, epsilon),
    inputs: [noise(shape, 1, 3)],
    shape: [],
    tolerance: TOLERANCES.losses,
  }
}

const labelsOf = (rows: number, classes: number): number[] =>
  Array.from({ length: rows }, (_, row) => (row * 7 + 3) % classes)

const hardCase = (
  [rows, classes]: [number, number],
  dtype: 'int32' | 'float32',
  temperature?: number,
): OpCase => {
  const labels = labelsOf(rows, classes)
  return {
    name: `cross-entropy [${rows},${classes}] ${dtype}${temperature ? ` / ${temperature}` : ''}`,
    op: (x) => softmaxCrossEntropy(x as tf.Tensor2D, tf.tensor1d(labels, dtype), temperature),
    oracle: crossEntropyOracle(oneHot(labels, classes), temperature ?? 1),
    inputs: [noise([rows, classes], 4, 3)],
    shape: [],
    tolerance: TOLERANCES.losses,
  }
}

const softCase = (shape: [number, number], temperature: number): OpCase => {
  const { data } = noise(shape, 5)
  const targets = { shape, data: Float32Array.from(data, (x) => (x * x) / shape[1]) }
  return {
    name: `cross-entropy [${shape.join()}] soft / ${temperature}`,
    op: (x) => softmaxCrossEntropy(x as tf.Tensor2D, upload<tf.Rank.R2>(targets), temperature),
    oracle: crossEntropyOracle(targets, temperature),
    inputs: [noise(shape, 6)],
    shape: [],
    tolerance: TOLERANCES.losses,
  }
}

const normaliseCase = (shape: number[], epsilon?: number): OpCase => ({
  name: `normalise [${shape.join()}]${epsilon ? ` from ${epsilon}` : ''}`,
  op: (x) => l2Normalise(x, epsilon),
  oracle: normaliseOracle(epsilon ?? 1e-12),
  inputs: [noise(shape, 7, 2)],
  shape,
})

const cosineCase = (shape: [number, number], targets = shape[0], epsilon?: number): OpCase => {
  const target = noise([targets, shape[1]], 8, 5)
  return {
    name: `cosine loss [${shape.join()}] to ${targets}${epsilon ? ` from ${epsilon}` : ''}`,
    op: (x) => cosineLoss(x as tf.Tensor2D, upload<tf.Rank.R2>(target), epsilon),
    oracle: cosineLossOracle(target, epsilon ?? 1e-12),
    inputs: [noise(shape, 9)],
    shape: [],
    tolerance: TOLERANCES.losses,
  }
}

const cases: OpCase[] = [
  meanCase('square', meanSquaredError, squareTerm, [1]),
  meanCase('square', meanSquaredError, squareTerm, [37, 3]),
  meanCase('square', meanSquaredError, squareTerm, [16, 64, 48], mask([16, 64])),
  meanCase('absolute', meanAbsoluteError, absoluteTerm, [3, 5, 5, 3], mask([3, 5, 5, 1]), 1e-5),
  meanCase('absolute', meanAbsoluteError, absoluteTerm, [32, 32, 32, 3], mask([32, 32, 32, 1])),
  meanCase('focal', focal, focalOracleTerm(0.2), [3, 5, 5, 3], mask([3, 5, 5, 1]), 1e-5),
  meanCase('focal', focal, focalOracleTerm(0.2), [70, 9]),
  meanCase('binary', binaryCrossEntropy, binaryTerm, [3, 7]),
  meanCase('binary', binaryCrossEntropy, binaryTerm, [128, 16], mask([128, 16]), 1e-6),
  hardCase([1, 1], 'int32'),
  hardCase([6, 5], 'float32'),
  hardCase([7, 13], 'int32', 0.2),
  hardCase([67, 10], 'float32'),
  hardCase([256, 256], 'int32', 0.1),
  softCase([5, 3], 1),
  softCase([65, 67], 0.5),
  softCase([64, 1024], 0.1),
  softCase([1100, 100], 1),
  normaliseCase([1, 1]),
  normaliseCase([5, 7]),
  normaliseCase([2, 67, 12]),
  normaliseCase([300, 64]),
  normaliseCase([9, 4], 2.5),
  normaliseCase([9, 3], 2.5),
  cosineCase([1, 2]),
  cosineCase([5, 7]),
  cosineCase([12, 7], 4),
  cosineCase([640, 64], 128),
  cosineCase([9, 4], 3, 2.5),
]

describeOps(cases)

describe('mean losses', () => {
  it('stay finite for predictions of any size', async () => {
    const p = { shape: [6], data: [-1e30, 1e30, -200, 200, 0, 0] }
    const t = { shape: [6], data: [0, 1, 1, 0, 0, 1] }
    const { value, gradients } = await valueAndGradients(
      (x) => binaryCrossEntropy(x, upload(t)),
      [p],
    )
    expect(value[0]).toBeCloseTo((400 + 2 * Math.LN2) / 6, 4)
    const expected = [0, 0, -1, 1, 0.5, -0.5].map((slope) => slope / 6)
    expect(worstError(gradients[0]!, expected)).toBeLessThan(1e-7)
    const far = await valueAndGradients((x) => focal(x, upload(t)), [p])
    expect([...far.value, ...far.gradients[0]!].every(Number.isFinite)).toBe(true)
  })

  it('are 0 where nothing counts, with an epsilon', async () => {
    const x = noise([4, 3], 1)
    const nothing: HostTensor = { shape: [4], data: [0, 0, 0, 0] }
    const { value, gradients } = await valueAndGradients(
      (p) => meanSquaredError(p, tf.zeros([4, 3]), { weights: upload(nothing), epsilon: 1e-5 }),
      [x],
    )
    expect([...value, ...gradients[0]!].map(Math.abs)).toEqual(new Array(13).fill(0))
  })

  it('are exactly 0 where prediction and target agree, gradients too', async () => {
    const x = noise([4, 3], 1)
    for (const loss of [meanSquaredError, meanAbsoluteError, focal]) {
      const { value, gradients } = await valueAndGradients((p) => loss(p, upload(x)), [x])
      expect([...value, ...gradients[0]!].map(Math.abs)).toEqual(new Array(13).fill(0))
    }
  })

  it('refuse targets and weights that do not fit', () => {
    const p = tf.zeros([4, 3])
    expect(() => meanSquaredError(p, tf.zeros([3, 4]))).toThrow('[3,4]')
    expect(() => meanSquaredError(p, p, { weights: tf.zeros([1, 3]) })).toThrow('[1,3]')
    expect(() => meanSquaredError(p, p, { weights: tf.zeros([4, 3, 2]) })).toThrow('[4,3,2]')
    p.dispose()
  })
})

describe('cross-entropy', () => {
  it('leaves rows out whose class there is not, and stays exact for logits of thousands', async () => {
    const logits = { shape: [3, 2], data: [5000, 4999, 3, 4, -5000, 5000] }
    const { value, gradients } = await valueAndGradients(
      (x) => softmaxCrossEntropy(x as tf.Tensor2D, tf.tensor1d([0, -1, 1], 'int32')),
      [logits],
    )
    const one = Math.log1p(Math.exp(-1))
    expect(value[0]).toBeCloseTo(one / 3, 6)
    const off = 1 / (1 + Math.E) / 3
    expect(worstError(gradients[0]!, [-off, off, 0, 0, 0, 0])).toBeLessThan(1e-7)
  })

  it('refuses targets that do not fit', () => {
    const logits = tf.zeros<tf.Rank.R2>([4, 3])
    expect(() => softmaxCrossEntropy(logits, tf.zeros<tf.Rank.R1>([3]))).toThrow('[3]')
    expect(() => softmaxCrossEntropy(logits, tf.zeros<tf.Rank.R2>([4, 2]))).toThrow('[4,2]')
    logits.dispose()
  })
})

describe('normalise', () => {
  it('survives a vector of zeros', async () => {
    const { value, gradients } = await valueAndGradients(
      (x) => l2Normalise(x, 0.5),
      [{ shape: [1, 4], data: [0, 0, 0, 0] }],
    )
    expect([...value]).toEqual([0, 0, 0, 0])
    expect([...gradients[0]!]).toEqual([2, 2, 2, 2])
  })

  it('knows parallel vectors as such', async () => {
    const x = noise([16, 64], 1)
    const value = tf.tidy(() => cosineLoss(upload<tf.Rank.R2>(x), upload<tf.Rank.R2>(x)))
    expect((await take(value))[0]).toBe(0)
  })

  it('refuses targets that do not fit', () => {
    const x = tf.zeros<tf.Rank.R2>([4, 3])
    expect(() => cosineLoss(x, tf.zeros([3, 3]))).toThrow('[3,3]')
    expect(() => cosineLoss(x, tf.zeros([4, 2]))).toThrow('[4,2]')
    x.dispose()
  })
})

describe('cost', () => {
  it.each([
    meanCase('square', meanSquaredError, squareTerm, [37, 3]),
    meanCase('square', meanSquaredError, squareTerm, [16, 64, 48], mask([16, 64])),
    hardCase([67, 10], 'float32'),
    softCase([64, 1024], 0.1),
    cosineCase([5, 7]),
  ])('$name: two dispatches, and one for the gradient', ({ op, inputs }) => {
    const tensors = inputs.map(upload)
    const dy = tf.scalar(1)
    const forward = countDispatches(() => op(...tensors).dispose())
    const both = countDispatches(() => tf.dispose(tf.grads(op)(tensors, dy)))
    tf.dispose([tensors, dy])
    expect([forward, both]).toEqual([2, 3])
  })
})
