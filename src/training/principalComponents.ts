import { eigenOf } from '../engine/eigen.ts'
import { randomAt, Stream } from '../engine/random.ts'

/** Leading principal components of some rows. */
export interface PrincipalComponents {
  /** Every row's coordinates along the components, around the mean: [rows, count]. */
  readonly scores: Float64Array
  /** Share of the variance that each component explains, 0 to 1. */
  readonly explained: readonly number[]
}

/** Directions that are searched besides those that are wanted: the more, the sooner the search is over. */
const SPARE_DIRECTIONS = 8
/** Variance below this share of the mean square is what float32 rounds. */
const ROUNDING = 1e-12
/** Rounds of the search. What is wanted comes within (λ of the first direction not searched / λ)^rounds. */
const ROUNDS = 40

/**
 * Principal components in float64, by subspace iteration on the covariance: far quicker than all eigenvectors where few
 * of many are wanted. Where rows differ by rounding alone everything is 0. A component's weight of largest size is
 * positive, so that the same rows have the same signs.
 * @param rows [count of rows, width]
 * @param count components; at most the width
 */
export function principalComponents(
  rows: Float32Array,
  width: number,
  count: number,
): PrincipalComponents {
  const covariance = scatterOf(rows, width)
  let variance = 0
  for (let i = 0; i < width; i++) variance += covariance[i * width + i]!
  if (variance <= ROUNDING * rows.reduce((sum, value) => sum + value * value, 0))
    return {
      scores: new Float64Array((rows.length / width) * count),
      explained: Array<number>(count).fill(0),
    }
  const size = Math.min(width, count + SPARE_DIRECTIONS)
  const random = randomAt(0, Stream.init)
  let directions: Float64Array[] = Array.from({ length: size }, () =>
    Float64Array.from({ length: width }, () => random.normal()),
  )
  for (let round = 0; round < ROUNDS; round++)
    directions = orthonormal(directions).map((direction) => product(covariance, direction))
  const axes = eigenvectorsWithin(covariance, orthonormal(directions)).slice(0, count)
  return {
    scores: scoresOf(rows, width, axes),
    explained: axes.map((axis) => Math.max(0, dot(axis, product(covariance, axis)) / variance)),
  }
}

const dot = (a: Float64Array, b: Float64Array): number => {
  let sum = 0
  for (let i = 0; i < a.length; i++) sum += a[i]! * b[i]!
  return sum
}

/** A symmetric matrix times a vector. */
function product(matrix: Float64Array, vector: Float64Array): Float64Array {
  const result = new Float64Array(vector.length)
  for (let i = 0, at = 0; i < vector.length; i++) {
    let sum = 0
    for (let j = 0; j < vector.length; j++, at++) sum += matrix[at]! * vector[j]!
    result[i] = sum
  }
  return result
}

function meanOf(rows: Float32Array, width: number): Float64Array {
  const mean = new Float64Array(width)
  rows.forEach((value, i) => (mean[i % width]! += (value * width) / rows.length))
  return mean
}

/** Σ (row − mean)ᵀ (row − mean): [width, width]. */
function scatterOf(rows: Float32Array, width: number): Float64Array {
  const mean = meanOf(rows, width)
  const scatter = new Float64Array(width * width)
  const row = new Float64Array(width)
  for (let first = 0; first < rows.length; first += width) {
    for (let i = 0; i < width; i++) row[i] = rows[first + i]! - mean[i]!
    for (let i = 0; i < width; i++) {
      const value = row[i]!
      for (let j = 0; j <= i; j++) scatter[i * width + j]! += value * row[j]!
    }
  }
  for (let i = 0; i < width; i++)
    for (let j = 0; j < i; j++) scatter[j * width + i] = scatter[i * width + j]!
  return scatter
}

/**
 * Gram and Schmidt, each vector twice: once leaves rounding errors of what was nearly dependent. What depends on the
 * vectors before it becomes 0.
 */
function orthonormal(vectors: readonly Float64Array[]): Float64Array[] {
  const done: Float64Array[] = []
  for (const vector of vectors) {
    const length = Math.sqrt(dot(vector, vector))
    let rest = vector.slice()
    for (let pass = 0; pass < 2; pass++)
      for (const other of done) {
        const part = dot(rest, other)
        rest = rest.map((value, i) => value - part * other[i]!)
      }
    const left = Math.sqrt(dot(rest, rest))
    done.push(left > 1e-12 * length ? rest.map((value) => value / left) : rest.fill(0))
  }
  return done
}

/** Eigenvectors of a symmetric matrix within the span of orthonormal vectors (Rayleigh and Ritz), largest value first. */
function eigenvectorsWithin(matrix: Float64Array, basis: readonly Float64Array[]): Float64Array[] {
  const images = basis.map((vector) => product(matrix, vector))
  const size = basis.length
  const { vectors } = eigenOf(
    basis.flatMap((vector) => images.map((image) => dot(vector, image))),
    size,
  )
  return basis.map((_, rank) => {
    const axis = basis[0]!.map((_, i) =>
      basis.reduce((sum, vector, j) => sum + vectors[rank * size + j]! * vector[i]!, 0),
    )
    const largest = axis.reduce((best, x) => (Math.abs(x) > Math.abs(best) ? x : best), 0)
    return largest < 0 ? axis.map((x) => -x) : axis
  })
}

function scoresOf(rows: Float32Array, width: number, axes: readonly Float64Array[]): Float64Array {
  const mean = meanOf(rows, width)
  const offsets = axes.map((axis) => dot(axis, mean))
  const scores = new Float64Array((rows.length / width) * axes.length)
  for (let row = 0; row < rows.length / width; row++)
    axes.forEach((axis, k) => {
      let score = -offsets[k]!
      for (let i = 0; i < width; i++) score += rows[row * width + i]! * axis[i]!
      scores[row * axes.length + k] = score
    })
  return scores
}
