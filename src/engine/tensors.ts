import * as tf from '@tensorflow/tfjs'
import { currentEngine } from './current.ts'

/**
 * A float32 tensor whose values are whatever its buffer held before: for kernels that write every element. It obeys
 * `tidy` and `dispose` like any other.
 */
export function emptyTensor<R extends tf.Rank = tf.Rank>(shape: tf.ShapeMap[R]): tf.Tensor<R> {
  const info = currentEngine().backend.makeTensorInfo(shape, 'float32')
  return tf.engine().makeTensorFromTensorInfo(info) as tf.Tensor<R>
}
