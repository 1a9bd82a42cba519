import { normalOf } from './normalTable.ts'
import { randomAt, type StreamId } from './random.ts'

/**
 * What the kernels of random numbers draw (ops/random.ts), computed on the host with the same bits: one sample of `count`
 * values at the address (seed, stream, step, sample).
 */
export interface TwinAddress {
  readonly seed: number
  readonly stream: StreamId
  readonly step: number
  readonly sample: number
}

const draw = (
  { seed, stream, step, sample }: TwinAddress,
  count: number,
  valueOf: (word: number) => number,
): Float32Array => {
  const random = randomAt(seed, stream, step, sample)
  return Float32Array.from({ length: count }, () => valueOf(random.word()))
}

/** Twin of `randomUniform`. */
export const uniformsAt = (address: TwinAddress, count: number): Float32Array =>
  draw(address, count, (word) => (word >>> 8) / 2 ** 24)

/** Twin of `randomNormal`. */
export const normalsAt = (address: TwinAddress, count: number): Float32Array =>
  draw(address, count, normalOf)

/** Twin of `randomBernoulli`. */
export const bernoullisAt = (
  address: TwinAddress,
  count: number,
  probability: number,
): Float32Array => draw(address, count, (word) => Number((word >>> 8) / 2 ** 24 < probability))

/** Twin of `randomPermutations`, one row. */
export function permutationAt(
  { seed, stream, step, sample }: TwinAddress,
  length: number,
): { order: Int32Array; rank: Int32Array } {
  const random = randomAt(seed, stream, step, sample)
  const keys = Float64Array.from({ length }, () => random.word())
  const order = Int32Array.from(keys.keys()).sort((a, b) => keys[a]! - keys[b]! || a - b)
  const rank = new Int32Array(length)
  order.forEach((index, place) => (rank[index] = place))
  return { order, rank }
}
