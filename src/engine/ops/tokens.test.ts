import * as tf from '@tensorflow/tfjs'
import { describe, expect, it } from 'vitest'
import { randomAt, randomPermutation, Stream } from '../random.ts'
import { countDispatches } from '../testing/dispatches.ts'
import { noise } from '../testing/noise.ts'
import { describeOps, useEngine, type OpCase } from '../testing/opCase.ts'
import { take, upload, type HostTensor } from '../testing/run.ts'
import { gatherOracle, scatterOracle } from '../testing/tokenOracle.ts'
import { gatherTokens, scatterTokens } from './tokens.ts'

useEngine()

/** The first `places` of a permutation of the tokens, another one for every row. */
const shuffled = (rows: number, places: number, tokens: number): HostTensor => ({
  shape: [rows, places],
  data: Array.from({ length: rows }, (_, row) => [
    ...randomPermutation(randomAt(1, Stream.mask, row), tokens, places),
  ]).flat(),
})

const tensorOf = ({ shape, data }: HostTensor, dtype: 'int32' | 'float32'): tf.Tensor2D =>
  tf.tensor2d(Array.from(data), shape as [number, number], dtype)

const gatherCase = (
  shape: [number, number, number],
  indices: HostTensor,
  dtype: 'int32' | 'float32' = 'int32',
): OpCase => ({
  name: `gather [${shape.join()}] by [${indices.shape.join()}] ${dtype}`,
  op: (x) => gatherTokens(x as tf.Tensor3D, tensorOf(indices, dtype)),
  oracle: gatherOracle(indices),
  inputs: [noise(shape, 1)],
  shape: [...indices.shape, shape[2]],
})

const scatterCase = (
  indices: HostTensor,
  [tokens, width]: [number, number],
  filled: boolean,
  dtype: 'int32' | 'float32' = 'int32',
): OpCase => ({
  name: `scatter [${indices.shape.join()}] to [${tokens},${width}]${filled ? ' filled' : ''} ${dtype}`,
  op: (...given) =>
    scatterTokens(
      given[0] as tf.Tensor3D,
      tensorOf(indices, dtype),
      tokens,
      (given[1] ?? null) as tf.Tensor1D | null,
    ),
  oracle: scatterOracle(indices, tokens),
  inputs: [noise([...indices.shape, width], 2), ...(filled ? [noise([width], 3)] : [])],
  shape: [indices.shape[0]!, tokens, width],
})

/** Indices that come twice, that are missing, and that are no tokens. */
const odd: HostTensor = {
  shape: [4, 5],
  data: [0, 2, 2, 6, 2, -1, 7, 1, 1, 0, 3, 3, 3, 3, 3, 6, 5, 4, 3, 2],
}

describeOps([
  gatherCase([1, 1, 1], { shape: [1, 1], data: [0] }),
  gatherCase([4, 7, 3], odd),
  gatherCase([2, 7, 12], odd, 'float32'),
  gatherCase([1, 7, 5], odd),
  gatherCase([32, 64, 96], shuffled(128, 16, 64)),
  gatherCase([1, 64, 96], shuffled(32, 48, 64), 'float32'),
  scatterCase({ shape: [1, 1], data: [0] }, [1, 1], false),
  scatterCase(odd, [7, 3], false),
  scatterCase(odd, [7, 12], true, 'float32'),
  scatterCase(odd, [7, 5], true),
  scatterCase(shuffled(64, 16, 64), [64, 96], true),
])

describe('token gather and scatter', () => {
  it('undo each other', async () => {
    const x = noise([8, 64, 12], 1)
    const all = shuffled(8, 64, 64)
    const back = tf.tidy(() => {
      const indices = tensorOf(all, 'int32')
      return scatterTokens(gatherTokens(upload(x), indices), indices, 64, null)
    })
    expect(await take(back)).toEqual(x.data)
  })

  it('refuse what does not fit', () => {
    const x = tf.zeros<tf.Rank.R3>([2, 3, 4])
    const indices = tf.zeros<tf.Rank.R2>([3, 2])
    expect(() => gatherTokens(x, indices)).toThrow('3 rows')
    expect(() => scatterTokens(x, indices, 4, null)).toThrow('[3,2]')
    tf.dispose([x, indices])
  })

  it('cost a dispatch each way, and two more for the fill token', () => {
    const counts = [
      gatherCase([4, 7, 4], odd),
      scatterCase(shuffled(64, 16, 64), [64, 4], true),
    ].map(({ op, inputs }) => {
      const tensors = inputs.map(upload)
      const dy = tf.tidy(() => tf.onesLike(op(...tensors)))
      const forward = countDispatches(() => op(...tensors).dispose())
      const both = countDispatches(() => tf.dispose(tf.grads(op)(tensors, dy)))
      tf.dispose([tensors, dy])
      return [forward, both]
    })
    expect(counts).toEqual([
      [1, 2],
      [1, 4],
    ])
  })
})
