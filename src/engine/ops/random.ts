import * as tf from '@tensorflow/tfjs'
import { currentEngine } from '../current.ts'
import type { Engine } from '../engine.ts'
import { groupsFor, kernelNamed, uniformOf } from '../kernel.ts'
import { RANDOM_WORKGROUP, randomCode, RANK_CODE, type Draw } from '../kernels/random.ts'
import { normalTable } from '../normalTable.ts'
import type { StreamId } from '../random.ts'
import type { RandomClock } from '../randomClock.ts'
import { emptyTensor } from '../tensors.ts'

/**
 * Where random numbers come from. The leading axis of what is drawn counts samples; the numbers of a sample are those of
 * the host's `randomAt(seed, stream, step, sample)`, word by word (see randomTwin.ts, which gives the same bits).
 */
export interface RandomAddress {
  /** Brings seed and step; what it holds when a step runs, not when it is recorded. A tensor is one of `clockOf`. */
  readonly clock: RandomClock | tf.Tensor1D
  readonly stream: StreamId
  /** Number of the first sample, 0 if left out: keeps apart what one step draws several times from one stream. */
  readonly firstSample?: number
}

/** Uniform in [0, 1), in steps of 2⁻²⁴. */
export const randomUniform = <R extends tf.Rank>(
  shape: tf.ShapeMap[R],
  address: RandomAddress,
): tf.Tensor<R> => fill('uniform', emptyTensor<R>(shape), address)

/** Standard normal; see normalTable.ts for its precision. */
export const randomNormal = <R extends tf.Rank>(
  shape: tf.ShapeMap[R],
  address: RandomAddress,
): tf.Tensor<R> => fill('normal', emptyTensor<R>(shape), address)

/**
 * 1 with a probability, else 0: 1 where the uniform number at the same address is less than it.
 * @param probability becomes part of a recording, so it must not change from step to step
 */
export const randomBernoulli = <R extends tf.Rank>(
  shape: tf.ShapeMap[R],
  probability: number,
  address: RandomAddress,
): tf.Tensor<R> =>
  fill('bernoulli', emptyTensor<R>(shape), address, Math.ceil(probability * 2 ** 24))

/** A random permutation of 0 … length − 1 for every row, and its inverse. */
export interface Permutations {
  /** [rows, length], int32: the index that comes first, second, … */
  readonly order: tf.Tensor2D
  /** [rows, length], int32: when each index comes. */
  readonly rank: tf.Tensor2D
}

/**
 * A uniformly random permutation for every row: indices sorted by 32 random bits each. Two dispatches; the time grows
 * with the square of the length, which is meant for tokens and pixels, not for data sets.
 */
export function randomPermutations(
  rows: number,
  length: number,
  address: RandomAddress,
): Permutations {
  const keys = fill('word', indexTensor(rows, length), address)
  const order = indexTensor(rows, length)
  const rank = indexTensor(rows, length)
  kernelNamed('random ranks', () => RANK_CODE).dispatchMany(
    [uniformOf([length]), keys, order, rank],
    groupsFor(rows * length, RANDOM_WORKGROUP),
  )
  keys.dispose()
  return { order, rank }
}

function fill<T extends tf.Tensor>(
  draw: Draw,
  result: T,
  { clock, stream, firstSample = 0 }: RandomAddress,
  limit = 0,
): T {
  const samples = result.rank === 0 ? 1 : result.shape[0]
  const size = result.size / samples
  const table = draw === 'normal' ? [tableOn(currentEngine())] : []
  kernelNamed(`random ${draw}`, () => randomCode(draw)).dispatchMany(
    [
      clock instanceof tf.Tensor ? clock : clock.buffer,
      uniformOf([stream, firstSample, size, limit]),
      result,
      ...table,
    ],
    groupsFor(samples * groupsFor(size, 4), RANDOM_WORKGROUP),
  )
  return result
}

/** An int32 matrix for kernels that write every element. */
function indexTensor(rows: number, length: number): tf.Tensor2D {
  const info = currentEngine().backend.makeTensorInfo([rows, length], 'int32')
  return tf.engine().makeTensorFromTensorInfo(info) as tf.Tensor2D
}

const tables = new WeakMap<Engine, GPUBuffer>()

/** The table of normal numbers on an engine; kept with it. */
function tableOn(engine: Engine): GPUBuffer {
  let buffer = tables.get(engine)
  if (buffer === undefined) {
    const table = normalTable()
    const usage = GPUBufferUsage.STORAGE | GPUBufferUsage.COPY_DST
    buffer = engine.createBuffer('normal numbers', table.byteLength, usage)
    engine.device.queue.writeBuffer(buffer, 0, table)
    tables.set(engine, buffer)
  }
  return buffer
}
