import type * as tf from '@tensorflow/tfjs'
import { linear } from '../../engine/ops/linear.ts'
import type { ParameterSource, ParameterSpec } from '../../engine/parameters.ts'
import { uniformParameter } from '../../models/initial.ts'

const NAME = 'dilemma_head'

/**
 * Parameters of the detector, one linear layer from a token to a number (spec section 3), drawn evenly from ±1/√width, its
 * bias too: torch's default, which the official code takes.
 */
export function detectorParameters(width: number, seed: number): ParameterSpec[] {
  const bound = 1 / Math.sqrt(width)
  return [
    uniformParameter(seed, `${NAME}.weight`, [1, width], true, bound),
    uniformParameter(seed, `${NAME}.bias`, [1], false, bound),
  ]
}

/**
 * Logits of the probability that a token's place is false: [B, k].
 * @param tokens [B, k, D] after the final norm, without the class token
 */
export function detectorLogits(tokens: tf.Tensor3D, parameters: ParameterSource): tf.Tensor2D {
  const [batch, kept] = tokens.shape
  const part = (name: string): tf.Tensor => parameters.get(`${NAME}.${name}`)
  return linear(tokens, part('weight'), part('bias')).reshape([batch, kept])
}
