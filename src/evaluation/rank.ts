import * as tf from '@tensorflow/tfjs'
import type { Engine } from '../engine/engine.ts'
import { timesTransposed } from '../engine/ops/matmul.ts'
import { nearest } from '../engine/ops/nearest.ts'
import type { Job } from './job.ts'
import type { Ranking } from './ranking.ts'
import { readTensor } from './readTensor.ts'
import type { Vectors } from './vectors.ts'

/** What a slice may take. */
export interface SliceLimits {
  /** Bytes of the candidates' vectors that are held at a time. */
  readonly blockBytes: number
  /** Bytes of a tile of similarities. */
  readonly tileBytes: number
  /** Multiplications and additions of a tile. */
  readonly tileWork: number
}

/** A few milliseconds on a small GPU. */
const LIMITS: SliceLimits = { blockBytes: 2 ** 25, tileBytes: 2 ** 24, tileWork: 2 ** 30 }

/** What is compared with what. */
export interface Comparison {
  readonly queries: Vectors
  readonly candidates: Vectors
  /** Which candidates: from `from` up to, and without, `to`; all when left out. Those below were told before. */
  readonly from?: number
  readonly to?: number
  /** Takes the candidates with the largest cosines. */
  readonly ranking: Ranking
  /** What it is called in the progress. */
  readonly stage: string
}

/**
 * Ranks candidates for every query by the cosine of their vectors. A slice is a tile of the matrix of similarities; the
 * matrix as a whole is never there.
 */
export async function* rank(
  engine: Engine,
  comparison: Comparison,
  limits: SliceLimits = LIMITS,
): Job<void> {
  const { queries, candidates, from = 0, to = candidates.rows, ranking, stage } = comparison
  const { width } = queries
  const block = wholeGroups(Math.min(to - from, limits.blockBytes / (4 * width)))
  const total = Math.ceil((to - from) / block) * queries.rows
  let done = 0
  for (let first = from; first < to; first += block) {
    const held = candidates.unit(first, Math.min(block, to - first))
    try {
      const [size] = held.shape
      const k = Math.min(ranking.k, size)
      const byWork = limits.tileWork / (2 * width * size)
      const tile = wholeGroups(Math.min(byWork, limits.tileBytes / (4 * size)))
      for (let row = 0; row < queries.rows; row += tile) {
        const count = Math.min(tile, queries.rows - row)
        const [values, columns] = await nearestOf(engine, queries, row, count, held, k)
        ranking.add(row, values, columns, k, first)
        done += count
        yield { stage, done, total }
      }
    } finally {
      held.dispose()
    }
  }
}

/** Products are quickest where their sides are multiples of this. */
const GROUP = 64

/** A number of rows, at least one; whole groups where it is more than a group. */
const wholeGroups = (rows: number): number =>
  Math.max(1, rows < GROUP ? Math.floor(rows) : GROUP * Math.floor(rows / GROUP))

/** The k nearest of the held vectors for some queries: cosines and places, [count, k] each. */
async function nearestOf(
  engine: Engine,
  queries: Vectors,
  row: number,
  count: number,
  held: tf.Tensor2D,
  k: number,
): Promise<readonly [Float32Array, Float32Array]> {
  const found = tf.tidy(() => {
    const similarities = timesTransposed(queries.unit(row, count), held, null)
    const { values, indices } = nearest(similarities, k)
    return tf.concat([values, indices])
  })
  const both = await readTensor(engine, found)
  return [both.subarray(0, count * k), both.subarray(count * k)]
}
