import * as tf from '@tensorflow/tfjs'

/**
 * Runs an op of our own and gives it its gradient.
 * @param inputs the tensors that it is differentiable in
 * @param forward the result; hands what the gradient will need to `save`. Its other tensors are freed
 * @param backward from the gradient of the result and what was saved, the gradient of every input. Its other tensors
 * are freed
 */
export function differentiable<T extends tf.Tensor>(
  inputs: readonly tf.Tensor[],
  forward: (save: (tensors: tf.Tensor[]) => void) => T,
  backward: (dy: T, saved: tf.Tensor[]) => tf.Tensor[],
): T {
  const op = tf.customGrad((...args: (tf.Tensor | tf.GradSaveFunc)[]) => ({
    value: forward(args[inputs.length] as tf.GradSaveFunc),
    gradFunc: (dy: T, saved: tf.Tensor[]) => tf.tidy(() => backward(dy, saved)),
  }))
  return op(...inputs)
}
