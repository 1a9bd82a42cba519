import * as tf from '@tensorflow/tfjs'
import type { Parameters } from '../engine/parameters.ts'
import type { LossResult } from '../methods/method.ts'

/** The loss, its terms and tables, and the gradient of every parameter in the order of `parameters.segments`. */
export function lossAndGradients(
  compute: () => LossResult,
  parameters: Parameters,
): LossResult & { readonly gradients: readonly tf.Tensor[] } {
  let beside: Pick<LossResult, 'terms' | 'tables'> = { terms: {} }
  const { grads, value } = tf.valueAndGrads(() => {
    const { loss, terms, tables } = compute()
    beside = { terms: clones(terms, tf.keep), ...(tables && { tables: clones(tables, tf.keep) }) }
    return loss
  })(parameters.tensors())
  // Kept only to outlive the gradient scope: hand them to the caller's scope.
  const { terms, tables } = beside
  const result = { terms: clones(terms), ...(tables && { tables: clones(tables) }) }
  tf.dispose([terms, tables ?? {}])
  return { loss: value, ...result, gradients: grads }
}

/** Tensors of one's own with the same numbers: a term or a table may be a parameter itself. */
const clones = <T extends tf.Tensor>(
  tensors: Readonly<Record<string, T>>,
  each: (clone: T) => T = (clone) => clone,
): Record<string, T> =>
  Object.fromEntries(Object.entries(tensors).map(([key, tensor]) => [key, each(tensor.clone())]))
