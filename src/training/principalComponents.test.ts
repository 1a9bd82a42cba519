import { describe, expect, it } from 'vitest'
import { eigenOf } from '../engine/eigen.ts'
import { noise } from '../engine/testing/noise.ts'
import { principalComponents } from './principalComponents.ts'

/** Rows whose directions vary by the factors given, turned and moved away from 0. */
function cloud(count: number, factors: readonly number[]): Float32Array {
  const width = factors.length
  const raw = noise([count, width], 1).data
  const mixing = noise([width, width], 2).data
  return Float32Array.from({ length: count * width }, (_, at) => {
    const [row, column] = [Math.floor(at / width), at % width]
    const mixed = factors.map((f, i) => f * raw[row * width + i]! * mixing[i * width + column]!)
    return mixed.reduce((sum, value) => sum + value, 3 + column / 10)
  })
}

/** All principal components by the full decomposition of the covariance. */
function oracle(rows: Float32Array, width: number) {
  const count = rows.length / width
  const mean = Array.from({ length: width }, (_, i) => {
    let sum = 0
    for (let row = 0; row < count; row++) sum += rows[row * width + i]!
    return sum / count
  })
  const centred = Float64Array.from(rows, (value, i) => value - mean[i % width]!)
  const covariance = Float64Array.from({ length: width * width }, (_, at) => {
    const [i, j] = [Math.floor(at / width), at % width]
    let sum = 0
    for (let row = 0; row < count; row++)
      sum += centred[row * width + i]! * centred[row * width + j]!
    return sum
  })
  const { values, vectors } = eigenOf(covariance, width)
  const variance = values.reduce((sum, value) => sum + value, 0)
  return {
    explained: (rank: number) => values[rank]! / variance,
    score: (row: number, rank: number) => {
      let sum = 0
      for (let i = 0; i < width; i++) sum += centred[row * width + i]! * vectors[rank * width + i]!
      return sum
    },
  }
}

const decaying = (width: number, rate: number): number[] =>
  Array.from({ length: width }, (_, i) => rate ** i)

describe('principalComponents', () => {
  it.each([
    ['few rows', 5, decaying(24, 0.8)],
    ['many rows', 500, decaying(48, 0.9)],
    ['equal variances in most directions', 300, [4, 3, 2, ...Array<number>(30).fill(1)]],
    ['as many directions as are wanted', 40, [3, 2, 1]],
    ['a width of 192', 512, decaying(192, 0.97)],
  ])('are those of the full decomposition: %s', (_, count, factors) => {
    const width = factors.length
    const rows = cloud(count, factors)
    const { scores, explained } = principalComponents(rows, width, 3)
    const known = oracle(rows, width)
    expect(scores).toHaveLength(3 * count)
    const largest = Math.max(...scores.map(Math.abs))
    for (const rank of [0, 1, 2]) {
      expect(explained[rank]).toBeCloseTo(known.explained(rank), 6)
      for (let row = 0; row < count; row++) {
        const off = scores[3 * row + rank]! - known.score(row, rank)
        expect(Math.abs(off) / largest).toBeLessThan(1e-4)
      }
    }
  })

  it('are the same whenever they are asked for', () => {
    const rows = cloud(60, decaying(20, 0.9))
    expect(principalComponents(rows, 20, 3)).toEqual(principalComponents(rows, 20, 3))
  })

  it('keep their signs and colours where tokens change a little', () => {
    const rows = cloud(200, decaying(30, 0.7))
    const moved = rows.map((value, i) => value * (1 + 1e-3 * Math.sin(i)))
    const [before, after] = [rows, moved].map((each) => principalComponents(each, 30, 3).scores)
    for (const rank of [0, 1, 2]) {
      let product = 0
      for (let row = 0; row < 200; row++)
        product += before![3 * row + rank]! * after![3 * row + rank]!
      expect(product).toBeGreaterThan(0)
    }
  })

  it('find nothing where nothing varies, and one direction where there is one', () => {
    const same = Float32Array.from({ length: 7 * 16 }, (_, i) => Math.fround(Math.sin(i % 16)))
    const rounded = same.map((value, i) => Math.fround(value * (1 + (i % 3) * 1e-7)))
    for (const rows of [same, rounded])
      expect(principalComponents(rows, 16, 3)).toEqual({
        scores: new Float64Array(3 * 7),
        explained: [0, 0, 0],
      })
    const line = same.map((value, i) => value * Math.floor(i / 16))
    const { explained, scores } = principalComponents(line, 16, 3)
    expect(explained[0]).toBeCloseTo(1, 6)
    expect(Math.max(explained[1]!, explained[2]!)).toBeLessThan(1e-6)
    expect(scores.every(Number.isFinite)).toBe(true)
  })
})
