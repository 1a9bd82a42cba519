import * as tf from '@tensorflow/tfjs'
import type { Parameters } from '../engine/parameters.ts'
import type { LossResult } from '../methods/method.ts'

/** What a loss gives beside itself: numbers without gradient. */
type Beside = Omit<LossResult, 'loss'>

/**
 * The loss, what it gives beside itself, and the gradient of every parameter that is trained, in the order of
 * `parameters.trained`.
 */
export function lossAndGradients(
  compute: () => LossResult,
  parameters: Pick<Parameters, 'tensors'>,
): LossResult & { readonly gradients: readonly tf.Tensor[] } {
  let beside: Beside = { terms: {} }
  const { grads, value } = tf.valueAndGrads(() => {
    const { loss, ...rest } = compute()
    beside = clonesOf(rest, tf.keep)
    return loss
  })(parameters.tensors())
  // Kept only to outlive the gradient scope: hand them to the caller's scope.
  const result = clonesOf(beside)
  for (const tensors of Object.values(beside)) tf.dispose(tensors)
  return { loss: value, ...result, gradients: grads }
}

/** What is done with a clone. */
type Each = <T extends tf.Tensor>(clone: T) => T

const clonesOf = ({ terms, tables, updates }: Beside, each?: Each): Beside => ({
  terms: clones(terms, each),
  ...(tables && { tables: clones(tables, each) }),
  ...(updates && { updates: clones(updates, each) }),
})

/** Tensors of one's own with the same numbers: a term or a table may be a parameter itself. */
const clones = <T extends tf.Tensor>(
  tensors: Readonly<Record<string, T>>,
  each: Each = (clone) => clone,
): Record<string, T> =>
  Object.fromEntries(Object.entries(tensors).map(([key, tensor]) => [key, each(tensor.clone())]))
