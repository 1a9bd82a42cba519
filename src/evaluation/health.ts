import * as tf from '@tensorflow/tfjs'
import { eigenOf } from '../engine/eigen.ts'
import type { Engine } from '../engine/engine.ts'
import { columnSum } from '../engine/ops/columnSum.ts'
import { timesTransposed } from '../engine/ops/matmul.ts'
import { l2Normalise } from '../engine/ops/normalise.ts'
import type { FeatureHealth } from '../results.ts'
import type { FeatureBank } from './featureBank.ts'
import { readGram } from './gram.ts'
import type { Job } from './job.ts'
import { readTensor } from './readTensor.ts'

/** Images that are looked at, at most: enough for any width, and it bounds the memory. */
const MOST_IMAGES = 10_000
/** What RankMe adds to every share of the singular values. */
const RANK_ME_EPSILON = 1e-7

const STAGE = 'Spread of the features'

/**
 * Signs of collapse in the features of the first images of a bank.
 * @param features one row an image
 * @param count images, of which at most the first 10,000 are looked at
 * @param similarity of the patch tokens, one number an image
 * @throws PeekabooError `diverged` where features are no finite numbers
 */
export async function* featureHealth(
  engine: Engine,
  features: FeatureBank,
  count: number,
  similarity: FeatureBank | undefined,
): Job<FeatureHealth> {
  const rows = Math.min(count, MOST_IMAGES)
  const first = (): tf.Tensor2D => features.first().slice([0, 0], [rows, features.width])
  const singular = yield* singularValues(engine, first, features.width)
  const squares = await readTensor(
    engine,
    tf.tidy(() => squaresAroundMean(l2Normalise(first()))),
  )
  const tokens = await similarity?.read(rows)
  yield { stage: STAGE, done: 3, total: 3 }
  return {
    deviation: mean(squares.map((sum) => Math.sqrt(sum / rows))),
    dimensions: features.width,
    effectiveRank: effectiveRank(singular),
    tokenSimilarity: tokens === undefined ? null : mean(tokens),
  }
}

/**
 * RankMe (Garrido et al., 2023): exp(−Σ p log p) with p = σ / Σ σ + 1e-7. 1 where all features lie on a line, their
 * number of dimensions where they spread evenly.
 */
export function effectiveRank(singular: Float64Array): number {
  const sum = singular.reduce((total, value) => total + value, 0)
  let entropy = 0
  for (const value of singular) {
    const share = (sum === 0 ? 0 : value / sum) + RANK_ME_EPSILON
    entropy -= share * Math.log(share)
  }
  return Math.exp(entropy)
}

/**
 * Singular values of a matrix on the GPU, [rows, width], in no order. The roots of the Gram matrix's eigenvalues would
 * lose all below 1e-3 of the largest to float32; the lengths of the matrix's columns, turned by the eigenvectors, are
 * good to about 2e-5 of it.
 * @param make gives the matrix, which is freed
 */
export async function* singularValues(
  engine: Engine,
  make: () => tf.Tensor2D,
  width: number,
): Job<Float64Array> {
  const gram = await readGram(engine, make)
  yield { stage: STAGE, done: 1, total: 3 }
  const { vectors } = eigenOf(gram, width)
  const squares = await readTensor(
    engine,
    tf.tidy(() => {
      const turned = timesTransposed(
        make(),
        tf.tensor2d(Float32Array.from(vectors), [width, width]),
        null,
      )
      return columnSum(turned.square())
    }),
  )
  yield { stage: STAGE, done: 2, total: 3 }
  return Float64Array.from(squares, Math.sqrt)
}

/** For every column of a matrix, the sum of squares around its mean. */
function squaresAroundMean(matrix: tf.Tensor2D): tf.Tensor1D {
  const means = columnSum(matrix).div(matrix.shape[0])
  return columnSum(matrix.sub<tf.Tensor2D>(means).square())
}

function mean(values: Float32Array): number {
  return values.reduce((sum, value) => sum + value, 0) / values.length
}
