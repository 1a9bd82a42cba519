import * as tf from '@tensorflow/tfjs'

/** The tensors that an op hands to its gradient. */
type Save = (tensors: tf.Tensor[]) => void

/**
 * Runs an op of our own and gives it its gradient.
 * @param inputs the tensors that it is differentiable in
 * @param forward the result; hands what the gradient will need to `save`. Its other tensors are freed
 * @param backward from the gradient of the result and what was saved, the gradient of every input. Its other tensors
 * are freed
 */
export function differentiable<T extends tf.Tensor>(
  inputs: readonly tf.Tensor[],
  forward: (save: Save) => T,
  backward: (dy: T, saved: tf.Tensor[]) => tf.Tensor[],
): T {
  const op = tf.customGrad((...args: (tf.Tensor | tf.GradSaveFunc)[]) => ({
    value: forward(args[inputs.length] as tf.GradSaveFunc),
    gradFunc: (dy: T, saved: tf.Tensor[]) => tf.tidy(() => backward(dy, saved)),
  }))
  return op(...inputs)
}

type Gradients = Record<string, () => tf.Tensor>

/** The part of tfjs' engine that runs an op with several results, although its types call it private. */
interface TapeEngine {
  runKernelFunc(op: {
    readonly inputs: Record<string, tf.Tensor>
    readonly forwardFunc: (backend: unknown, save: Save) => tf.Tensor[]
    readonly backwardsFunc: () => Gradients
  }): tf.Tensor[]
  readonly state: {
    readonly activeTape:
      | {
          readonly outputs: readonly tf.Tensor[]
          readonly saved?: tf.Tensor[]
          gradient?: (dys: readonly (tf.Tensor | null)[]) => Gradients
        }[]
      | null
  }
}

/**
 * As `differentiable`, for an op with several results.
 * @param forward the results; an input that is also a result must be cloned
 * @param backward is given null for a result on which what is differentiated does not depend
 */
export function differentiableMany<const T extends readonly tf.Tensor[]>(
  inputs: readonly tf.Tensor[],
  forward: (save: Save) => T,
  backward: (
    dys: { readonly [K in keyof T]: T[K] | null },
    saved: tf.Tensor[],
  ) => readonly tf.Tensor[],
): T {
  const engine = tf.engine() as unknown as TapeEngine
  const outputs = engine.runKernelFunc({
    inputs: Object.fromEntries(inputs.entries()),
    forwardFunc: (_, save) => [...forward(save)],
    backwardsFunc: () => ({}),
  })
  // The gradient of the tape is replaced, because tfjs would upload a tensor of zeros for every absent gradient.
  const node = engine.state.activeTape?.at(-1)
  if (node?.outputs === outputs)
    node.gradient = (dys) => {
      const gradients = tf.tidy(() => [
        ...backward(dys as { [K in keyof T]: T[K] | null }, node.saved ?? []),
      ])
      return Object.fromEntries(gradients.map((gradient, i) => [i, () => gradient]))
    }
  return outputs as unknown as T
}
