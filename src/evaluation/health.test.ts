import type * as tf from '@tensorflow/tfjs'
import { expect, it } from 'vitest'
import { eigenOf } from '../engine/eigen.ts'
import { noise, worstError } from '../engine/testing/noise.ts'
import { useEngine } from '../engine/testing/opCase.ts'
import { upload } from '../engine/testing/run.ts'
import { FeatureBank } from './featureBank.ts'
import { effectiveRank, featureHealth, singularValues } from './health.ts'
import { finish } from './job.ts'
import { unitRows } from './testing/knnOracle.ts'

const engine = useEngine()

/** A float64 matrix [rows, width] with given singular values: U diag(σ) Vᵀ from orthonormal noise. */
function withSpectrum(rows: number, spectrum: readonly number[], seed: number): Float64Array {
  const width = spectrum.length
  const left = orthonormal(rows, width, seed)
  const right = orthonormal(width, width, seed + 1)
  const matrix = new Float64Array(rows * width)
  for (let row = 0; row < rows; row++)
    for (let column = 0; column < width; column++)
      for (let i = 0; i < width; i++)
        matrix[row * width + column]! += left[i]![row]! * spectrum[i]! * right[i]![column]!
  return matrix
}

/** Orthonormal vectors, by Gram and Schmidt done twice. */
function orthonormal(length: number, count: number, seed: number): number[][] {
  const { data } = noise([count, length], seed)
  const vectors: number[][] = []
  for (let i = 0; i < count; i++) {
    let vector = Array.from({ length }, (_, j) => data[i * length + j]!)
    for (let round = 0; round < 2; round++)
      for (const other of vectors) {
        const along = other.reduce((sum, x, j) => sum + x * vector[j]!, 0)
        vector = vector.map((x, j) => x - along * other[j]!)
      }
    const size = Math.hypot(...vector)
    vectors.push(vector.map((x) => x / size))
  }
  return vectors
}

function bankOf(matrix: ArrayLike<number>, width: number): FeatureBank {
  const bank = new FeatureBank(engine(), matrix.length / width, width)
  engine().device.queue.writeBuffer(bank.buffer, 0, Float32Array.from(matrix))
  return bank
}

const WIDTH = 48
const ROWS = 300
const spectra = {
  even: Array.from({ length: WIDTH }, () => 3),
  falling: Array.from({ length: WIDTH }, (_, i) => 10 * 0.85 ** i),
  'one direction above others': Array.from({ length: WIDTH }, (_, i) => (i === 0 ? 1000 : 1)),
  'far apart': Array.from({ length: WIDTH }, (_, i) => 100 * 10 ** (-i / 10)),
  'one direction': Array.from({ length: WIDTH }, (_, i) => (i === 0 ? 7 : 0)),
  half: Array.from({ length: WIDTH }, (_, i) => (i < WIDTH / 2 ? 2 : 0)),
}

it.each(Object.entries(spectra))('finds singular values: %s', async (_, spectrum) => {
  const matrix = upload<tf.Rank.R2>({
    shape: [ROWS, WIDTH],
    data: withSpectrum(ROWS, spectrum, 4),
  })
  const found = await finish(singularValues(engine(), () => matrix.clone(), WIDTH))
  matrix.dispose()
  const largest = Math.max(...spectrum)
  const sorted = [...found].sort((a, b) => b - a)
  expect(
    worstError(
      sorted.map((x) => x / largest),
      spectrum.map((x) => x / largest),
    ),
  ).toBeLessThan(3e-5)
  const expected = effectiveRank(Float64Array.from(spectrum))
  expect(Math.abs(effectiveRank(found) / expected - 1)).toBeLessThan(1e-3)
})

it('knows the effective rank of known spectra', () => {
  expect(effectiveRank(Float64Array.from(spectra.even))).toBeCloseTo(WIDTH, 2)
  expect(effectiveRank(Float64Array.from(spectra['one direction']))).toBeCloseTo(1, 3)
  expect(effectiveRank(Float64Array.from(spectra.half))).toBeCloseTo(WIDTH / 2, 2)
  expect(effectiveRank(new Float64Array(WIDTH))).toBeCloseTo(1, 3)
})

it('measures features as a float64 reference does', async () => {
  // Far from the origin, more images than are asked for, and a width that is no multiple of four.
  const [rows, width] = [203, 13]
  const { data } = noise([rows + 20, width], 6, 1, 2)
  const bank = bankOf(data, width)
  const tokens = noise([rows + 20, 1], 7).data
  const similarity = bankOf(tokens, 1)
  const before = engine().memory().tensors
  const health = await finish(featureHealth(engine(), bank, rows, similarity))
  const seen = Array.from(data).slice(0, rows * width)
  const units = unitRows(seen, width)
  const deviations = Array.from({ length: width }, (_, i) => {
    const column = units.map((row) => row[i]!)
    const mean = column.reduce((sum, x) => sum + x, 0) / rows
    return Math.sqrt(column.reduce((sum, x) => sum + (x - mean) ** 2, 0) / rows)
  })
  expect(health.deviation).toBeCloseTo(deviations.reduce((sum, x) => sum + x, 0) / width, 6)
  const gram = new Float64Array(width * width)
  for (let row = 0; row < rows; row++)
    for (let i = 0; i < width * width; i++)
      gram[i]! += seen[row * width + Math.floor(i / width)]! * seen[row * width + (i % width)]!
  const expected = effectiveRank(eigenOf(gram, width).values.map(Math.sqrt))
  expect(health.effectiveRank).toBeCloseTo(expected, 4)
  const meanOfTokens =
    Array.from(tokens)
      .slice(0, rows)
      .reduce((sum, x) => sum + x, 0) / rows
  expect(health.tokenSimilarity).toBeCloseTo(meanOfTokens, 6)
  expect(health.dimensions).toBe(width)
  expect(engine().memory().tensors - before).toBe(1) // the view of the whole bank, which the bank owns
  const without = await finish(featureHealth(engine(), bank, rows, undefined))
  expect(without).toEqual({ ...health, tokenSimilarity: null })
  bank.dispose()
  similarity.dispose()
})

it('sees collapse: the same features for all images', async () => {
  const { data } = noise([1, WIDTH], 8)
  const bank = bankOf(
    Array.from({ length: 200 * WIDTH }, (_, i) => data[i % WIDTH]!),
    WIDTH,
  )
  const health = await finish(featureHealth(engine(), bank, 200, undefined))
  expect(health.deviation).toBeLessThan(1e-6)
  expect(health.effectiveRank).toBeCloseTo(1, 2)
  bank.dispose()
})

it('refuses features that are no numbers', async () => {
  const bank = bankOf(new Float32Array(20 * 4).fill(NaN), 4)
  await expect(finish(featureHealth(engine(), bank, 20, undefined))).rejects.toThrow('not finite')
  bank.dispose()
})
