import { EigenvalueDecomposition, Matrix } from 'ml-matrix'
import { PeekabooError } from '../errors.ts'

/** Eigenvalues of a symmetric matrix, largest first, with their unit eigenvectors in the rows of `vectors`. */
export interface Eigen {
  readonly values: Float64Array
  /** [size, size] */
  readonly vectors: Float64Array
}

/**
 * Eigenvalues and eigenvectors in float64. A vector's entry of largest size (the first of equals) is positive.
 * @param matrix [size, size], symmetric
 * @throws PeekabooError `diverged` for a matrix that does not consist of finite numbers
 */
export function eigenOf(matrix: ArrayLike<number>, size: number): Eigen {
  const entries = Array.from(matrix)
  if (!entries.every(Number.isFinite)) throw notFinite()
  const { realEigenvalues, eigenvectorMatrix } = new EigenvalueDecomposition(
    Matrix.from1DArray(size, size, entries),
    { assumeSymmetric: true },
  )
  const values = new Float64Array(size)
  const vectors = new Float64Array(size * size)
  for (let rank = 0; rank < size; rank++) {
    // The library gives the smallest first.
    const column = eigenvectorMatrix.getColumn(size - 1 - rank)
    const largest = column.reduce((best, x) => (Math.abs(x) > Math.abs(best) ? x : best), 0)
    values[rank] = realEigenvalues[size - 1 - rank]!
    vectors.set(largest < 0 ? column.map((x) => -x) : column, rank * size)
  }
  return { values, vectors }
}

const notFinite = (): PeekabooError =>
  new PeekabooError({
    code: 'diverged',
    what: 'The features of the network are not finite numbers, or too large to be measured.',
    kept: 'The run is kept as it is.',
    todo: 'Look at the loss: if it has diverged, start again with a smaller learning rate.',
  })
