import type * as tf from '@tensorflow/tfjs'
import type { Engine } from '../engine/engine.ts'

/**
 * A tensor's values, when the GPU has computed them. Frees the tensor.
 * @throws PeekabooError when the GPU has failed
 */
export async function readTensor(engine: Engine, tensor: tf.Tensor): Promise<Float32Array> {
  try {
    const { buffer, offset } = engine.rangeOf(tensor)
    const values = new Float32Array(await engine.read(buffer, 4 * tensor.size, offset))
    engine.check()
    return values
  } finally {
    tensor.dispose()
  }
}
