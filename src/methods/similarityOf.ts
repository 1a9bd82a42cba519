import * as tf from '@tensorflow/tfjs'
import { timesTransposed } from '../engine/ops/matmul.ts'
import { l2Normalise } from '../engine/ops/normalise.ts'
import { readAhead } from '../engine/recording/compileAhead.ts'

/**
 * Cosines [row, column] of what a network makes of two views of some images, once their kernels are compiled.
 * @param config the network, as data: with the number of images it names what is compiled
 * @param pair what it makes of either view, [images, size] each
 */
export function cosinesOfViews(
  config: object,
  images: number,
  pair: () => readonly [tf.Tensor2D, tf.Tensor2D],
): Promise<Float32Array> {
  const compare = (): tf.Tensor => {
    const [rows, columns] = pair()
    return timesTransposed(l2Normalise(rows), l2Normalise(columns), null)
  }
  return readAhead(`similarity ${images} ${JSON.stringify(config)}`, () => tf.tidy(compare))
}
