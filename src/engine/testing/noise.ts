import { randomAt, Stream } from '../random.ts'
import type { HostTensor } from './run.ts'

/** Reproducible normal noise, exact in float32 so that float64 oracles and the GPU start from the same numbers. */
export function noise(shape: readonly number[], seed: number, scale = 1, offset = 0): HostTensor {
  const random = randomAt(seed, Stream.init)
  const length = shape.reduce((product, side) => product * side, 1)
  return { shape, data: Float32Array.from({ length }, () => offset + scale * random.normal()) }
}

/** Largest |actual − expected| over the larger of 1 and the largest |expected|; NaN where anything is not a number. */
export function worstError(actual: ArrayLike<number>, expected: ArrayLike<number>): number {
  if (actual.length !== expected.length) return NaN
  let error = 0
  let size = 1
  for (let i = 0; i < expected.length; i++) {
    const off = Math.abs(actual[i]! - expected[i]!)
    if (Number.isNaN(off)) return NaN
    error = Math.max(error, off)
    size = Math.max(size, Math.abs(expected[i]!))
  }
  return error / size
}
