import * as tf from '@tensorflow/tfjs'
import { expect, it } from 'vitest'
import { noise } from '../engine/testing/noise.ts'
import { useEngine } from '../engine/testing/opCase.ts'
import { upload, type HostTensor } from '../engine/testing/run.ts'
import { finish } from './job.ts'
import { rank, type SliceLimits } from './rank.ts'
import { Ranking } from './ranking.ts'
import { nearestOracle, unitRows } from './testing/knnOracle.ts'
import type { Vectors } from './vectors.ts'

const engine = useEngine()
const WIDTH = 24

const vectorsOf = (matrix: HostTensor): Vectors => {
  const data = Float32Array.from(unitRows(matrix.data, WIDTH).flat())
  const unit = (from: number, count: number) =>
    upload<tf.Rank.R2>({
      shape: [count, WIDTH],
      data: data.subarray(from * WIDTH, (from + count) * WIDTH),
    })
  return { rows: matrix.shape[0]!, width: WIDTH, unit }
}

const queries = noise([37, WIDTH], 1)
const candidates = noise([150, WIDTH], 2)

it.each<{ name: string; limits?: SliceLimits; count?: number; slices: number }>([
  { name: 'whole groups and a rest', slices: 2 },
  {
    name: 'blocks of candidates',
    limits: { blockBytes: 4 * WIDTH * 40, tileBytes: 2 ** 24, tileWork: 2 ** 30 },
    slices: 4,
  },
  {
    name: 'tiles by their bytes',
    limits: { blockBytes: 2 ** 25, tileBytes: 4 * 150 * 15, tileWork: 2 ** 30 },
    slices: 4,
  },
  {
    name: 'tiles by their work',
    limits: { blockBytes: 4 * WIDTH * 100, tileBytes: 2 ** 24, tileWork: 2 * WIDTH * 100 * 10 },
    slices: 7,
  },
  {
    name: 'pairs, when nothing more is allowed',
    limits: { blockBytes: 1, tileBytes: 1, tileWork: 1 },
    count: 2,
    slices: 300,
  },
])('ranks as a float64 reference does, in $name', async ({ limits, count = 37, slices }) => {
  const some = { shape: [count, WIDTH], data: Array.from(queries.data).slice(0, count * WIDTH) }
  const ranking = new Ranking(count, 20)
  const comparison = {
    queries: vectorsOf(some),
    candidates: vectorsOf(candidates),
    ranking,
    stage: 'Ranks',
  }
  const before = tf.memory().numTensors
  const seen: number[] = []
  await finish(rank(engine(), comparison, limits), ({ done, total }) => seen.push(done / total))
  expect(seen).toHaveLength(slices)
  expect(seen.at(-1)).toBe(1)
  expect(tf.memory().numTensors).toBe(before)
  const bank = unitRows(candidates.data, WIDTH)
  unitRows(some.data, WIDTH).forEach((query, i) => {
    const expected = nearestOracle(query, bank, 20)
    const found = ranking.indices.subarray(20 * i, 20 * (i + 1))
    expect([...found]).toEqual(expected.map(({ index }) => index))
    expected.forEach(({ cosine }, place) =>
      expect(ranking.values[20 * i + place]).toBeCloseTo(cosine, 5),
    )
  })
})

it('goes on where it stopped, and knows less than k', async () => {
  const ranking = new Ranking(37, 20)
  const parts = {
    queries: vectorsOf(queries),
    candidates: vectorsOf(candidates),
    ranking,
    stage: '',
  }
  await finish(rank(engine(), { ...parts, to: 13 }))
  expect(ranking.found(36)).toBe(13)
  await finish(rank(engine(), { ...parts, from: 13, to: 80 }))
  const whole = new Ranking(37, 20)
  await finish(rank(engine(), { ...parts, to: 80, ranking: whole }))
  expect(ranking.indices).toEqual(whole.indices)
  expect(ranking.values).toEqual(whole.values)
})

it('frees what it holds when it is ended early', async () => {
  const limits = { blockBytes: 4 * WIDTH * 40, tileBytes: 2 ** 24, tileWork: 2 ** 30 }
  const before = tf.memory().numTensors
  const ranking = new Ranking(37, 20)
  const comparison = {
    queries: vectorsOf(queries),
    candidates: vectorsOf(candidates),
    ranking,
    stage: '',
  }
  const job = rank(engine(), comparison, limits)
  await job.next()
  await job.return()
  expect(tf.memory().numTensors).toBe(before)
})
