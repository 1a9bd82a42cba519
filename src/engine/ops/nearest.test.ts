import * as tf from '@tensorflow/tfjs'
import { describe, expect, it } from 'vitest'
import { noise } from '../testing/noise.ts'
import { useEngine } from '../testing/opCase.ts'
import { take, upload } from '../testing/run.ts'
import { VARIANTS, type Variant } from '../variant.ts'
import { nearest } from './nearest.ts'

useEngine()

/** Values and columns of the k largest of every row, by a full sort. */
function oracle(data: ArrayLike<number>, columns: number, k: number, count: number) {
  const values: number[] = []
  const indices: number[] = []
  const rank = (value: number): number => (Number.isNaN(value) ? -Infinity : value)
  for (let base = 0; base < data.length; base += columns) {
    const order = Array.from({ length: count }, (_, column) => column)
    const entry = (column: number): number => data[base + column]!
    order.sort((a, b) => {
      const missing = Number(Number.isNaN(entry(a))) - Number(Number.isNaN(entry(b)))
      if (missing !== 0) return missing
      return rank(entry(a)) === rank(entry(b)) ? a - b : rank(entry(b)) - rank(entry(a))
    })
    indices.push(...order.slice(0, k))
    values.push(...order.slice(0, k).map(entry))
  }
  return { values: Float32Array.from(values), indices: Float32Array.from(indices) }
}

async function onGpu(
  data: ArrayLike<number>,
  [rows, columns]: readonly [number, number],
  k: number,
  count: number,
  variant: Variant,
) {
  const tensor = upload<tf.Rank.R2>({ shape: [rows, columns], data })
  const found = nearest(tensor, k, count, variant)
  expect(found.values.shape).toEqual([rows, k])
  tensor.dispose()
  return { values: await take(found.values), indices: await take(found.indices) }
}

describe.each(VARIANTS)('nearest, %s', (variant) => {
  it.each([
    { rows: 1, columns: 1, k: 1 },
    { rows: 3, columns: 5, k: 5 },
    { rows: 67, columns: 20, k: 20 },
    { rows: 17, columns: 257, k: 7 },
    { rows: 5, columns: 1000, k: 200 },
    { rows: 33, columns: 2503, k: 20 },
    { rows: 4, columns: 700, k: 9, count: 300 },
    { rows: 3, columns: 300, k: 1, count: 1 },
  ])(
    'finds the $k largest of $columns columns in $rows rows',
    async ({ rows, columns, k, count = columns }) => {
      const { data } = noise([rows, columns], 5)
      const found = await onGpu(data, [rows, columns], k, count, variant)
      expect(found).toEqual(oracle(data, columns, k, count))
    },
  )

  it('orders equal entries by their columns', async () => {
    const shape = [9, 1030] as const
    const few = Float32Array.from(noise(shape, 8).data, (value) => Math.round(value) / 2)
    expect(await onGpu(few, shape, 50, shape[1], variant)).toEqual(oracle(few, 1030, 50, 1030))
    const same = new Float32Array(shape[0] * shape[1]).fill(-0.25)
    expect(await onGpu(same, shape, 50, shape[1], variant)).toEqual(oracle(same, 1030, 50, 1030))
  })

  it('puts what is not a number last, infinities at the ends, and makes no difference between zeros', async () => {
    const row = [NaN, 0, -Infinity, -0, 1e-40, -1, Infinity, 0, NaN, -1e-40, 3, -3.4e38]
    const found = await onGpu(row, [1, row.length], row.length, row.length, variant)
    expect([...found.indices]).toEqual([6, 10, 4, 1, 3, 7, 9, 5, 11, 2, 0, 8])
    expect([...found.values.subarray(8, 10)]).toEqual([Math.fround(-3.4e38), -Infinity])
    expect([...found.values.subarray(10)]).toEqual([NaN, NaN])
  })
})

it('refuses to find more than there are', () => {
  const tensor = tf.zeros<tf.Rank.R2>([2, 10])
  expect(() => nearest(tensor, 11)).toThrow('no 11 nearest among 10')
  expect(() => nearest(tensor, 5, 4)).toThrow('no 5 nearest among 4')
  expect(() => nearest(tensor, 5, 11)).toThrow('among 11 of 10')
  expect(() => nearest(tensor, 0)).toThrow('no 0 nearest')
  tensor.dispose()
})
