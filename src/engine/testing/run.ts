import * as tf from '@tensorflow/tfjs'

/** A tensor's values on the host. Frees the tensor. */
export async function take(tensor: tf.Tensor): Promise<Float32Array> {
  const values = await tensor.data<'float32'>()
  tensor.dispose()
  return values
}

/** A tensor on the host. */
export interface HostTensor {
  readonly shape: readonly number[]
  readonly data: ArrayLike<number>
}

/** A host tensor as a tfjs tensor. */
export const upload = <R extends tf.Rank = tf.Rank>({ shape, data }: HostTensor): tf.Tensor<R> =>
  tf.tensor<R>(Float32Array.from(data), shape as tf.ShapeMap[R])

/**
 * The value of `f` at `inputs` and the gradient of sum(dy · f) in each of them, on the host. Nothing is left on the GPU.
 * @param dy of the shape of the value; 1 where left out
 */
export async function valueAndGradients(
  f: (...inputs: tf.Tensor[]) => tf.Tensor,
  inputs: readonly HostTensor[],
  dy?: HostTensor,
): Promise<{ value: Float32Array; gradients: Float32Array[] }> {
  const { value, grads } = tf.tidy(() => {
    const weigh = (y: tf.Tensor): tf.Tensor => (dy ? y.mul(upload(dy)).sum() : y.sum())
    const tensors = inputs.map(upload)
    return {
      value: f(...tensors),
      grads: tf.grads((...xs: tf.Tensor[]) => weigh(f(...xs)))(tensors),
    }
  })
  return { value: await take(value), gradients: await Promise.all(grads.map(take)) }
}
