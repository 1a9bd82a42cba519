import * as tf from '@tensorflow/tfjs'
import type { Parameters } from '../engine/parameters.ts'
import type { LossResult } from '../methods/method.ts'

/** The loss, its terms and the gradient of every parameter in the order of `parameters.segments`. */
export function lossAndGradients(
  compute: () => LossResult,
  parameters: Parameters,
): LossResult & { readonly gradients: readonly tf.Tensor[] } {
  let result: LossResult | null = null
  const { grads, value } = tf.valueAndGrads(() => {
    result = compute()
    for (const term of Object.values(result.terms)) tf.keep(term)
    return result.loss
  })(parameters.tensors())
  const { terms } = result as unknown as LossResult
  // Kept only to outlive the gradient scope: hand them to the caller's scope.
  const owned = Object.fromEntries(
    Object.entries(terms).map(([key, term]) => {
      const copy = term.clone()
      term.dispose()
      return [key, copy]
    }),
  )
  return { loss: value, terms: owned, gradients: grads }
}
