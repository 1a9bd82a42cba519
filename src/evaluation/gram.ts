import * as tf from '@tensorflow/tfjs'
import type { Engine } from '../engine/engine.ts'
import { weightGradients } from '../engine/ops/matmul.ts'
import { readTensor } from './readTensor.ts'

/**
 * The products of all pairs of columns of a matrix [rows, width]: [width, width], row-major. Throws as `readTensor`.
 * @param make gives the matrix, which is freed
 */
export const readGram = (engine: Engine, make: () => tf.Tensor2D): Promise<Float32Array> =>
  readTensor(
    engine,
    tf.tidy(() => {
      const matrix = make()
      return weightGradients(matrix, matrix, false)[0]!
    }),
  )
