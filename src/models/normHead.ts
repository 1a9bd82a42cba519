import type * as tf from '@tensorflow/tfjs'
import { layerNormGelu } from '../engine/ops/layerNorm.ts'
import { linear } from '../engine/ops/linear.ts'
import type { ParameterSource, ParameterSpec } from '../engine/parameters.ts'
import { linearParameters, normParameters } from './initial.ts'

/** ε of the norms of a head: torch's default. */
const EPSILON = 1e-5

/** Names within a head count linear layers, norms and activations: three a step. */
const STRIDE = 3

/**
 * Parameters of a head, Linear – LN – GELU – … – Linear, without a norm after the last layer: `<name>.0`, `<name>.1` (the
 * norm), `<name>.3` and so on, after Xavier.
 * @param sizes channels at the input of every layer, and of the result: [in, hidden, …, out]
 */
export function normHeadParameters(
  name: string,
  sizes: readonly number[],
  seed: number,
): ParameterSpec[] {
  return sizes.slice(1).flatMap((outputs, layer) => {
    const at = STRIDE * layer
    const shape = [outputs, sizes[layer]!] as const
    const isLast = layer === sizes.length - 2
    return [
      ...linearParameters(seed, `${name}.${at}`, shape, 'xavier'),
      ...(isLast ? [] : normParameters(`${name}.${at + 1}`, outputs)),
    ]
  })
}

/** A head (see `normHeadParameters`), of as many layers as it has parameters: [rows, in] to [rows, out]. */
export function normHead(x: tf.Tensor2D, name: string, parameters: ParameterSource): tf.Tensor2D {
  const part = (at: number): [weight: tf.Tensor, bias: tf.Tensor] => [
    parameters.get(`${name}.${at}.weight`),
    parameters.get(`${name}.${at}.bias`),
  ]
  let y = linear(x, ...part(0)) as tf.Tensor2D
  for (let at = STRIDE; parameters.has(`${name}.${at}.weight`); at += STRIDE) {
    const hidden = layerNormGelu(y, ...part(at - STRIDE + 1), EPSILON)
    y = linear(hidden, ...part(at)) as tf.Tensor2D
  }
  return y
}
