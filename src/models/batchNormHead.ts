import * as tf from '@tensorflow/tfjs'
import { batchNorm, batchNormRelu } from '../engine/ops/batchNorm.ts'
import { linear } from '../engine/ops/linear.ts'
import type { ParameterSource, ParameterSpec } from '../engine/parameters.ts'
import { constantParameter, normParameters, uniformParameter } from './initial.ts'

/** ε of the batch norms: torch's default. */
const EPSILON = 1e-5

/** What follows the last linear layer: nothing, batch norm without weight and bias, or with a weight alone. */
export type LastNorm = 'none' | 'noAffine' | 'scale'

/** A head of linear layers without bias, each hidden one followed by batch norm and ReLU. */
export interface BatchNormHead {
  /** Channels at the input of every layer, and of the result: [in, hidden, …, out]. */
  readonly sizes: readonly number[]
  readonly last: LastNorm
  /** What the names of a linear layer's parameters begin with, counted from 0. */
  readonly linear: (layer: number) => string
  /** The same of the norm behind it. */
  readonly norm: (layer: number) => string
}

/** Names by place within torch's `Sequential` of linear layers, norms and activations: `<name>.0`, `<name>.1`, `<name>.3` … */
export const sequentialNames = (name: string): Pick<BatchNormHead, 'linear' | 'norm'> => ({
  linear: (layer) => `${name}.${3 * layer}`,
  norm: (layer) => `${name}.${3 * layer + 1}`,
})

const isLast = ({ sizes }: BatchNormHead, layer: number): boolean => layer === sizes.length - 2

/**
 * Parameters of a head. Weights are drawn evenly between ±1 / √in, torch's rule for linear layers, which the official code of
 * MoCo-v3 leaves as it is; norms begin with weight 1 and bias 0.
 */
export function batchNormHeadParameters(head: BatchNormHead, seed: number): ParameterSpec[] {
  return head.sizes.slice(1).flatMap((outputs, layer) => {
    const inputs = head.sizes[layer]!
    const weight = `${head.linear(layer)}.weight`
    return [
      uniformParameter(seed, weight, [outputs, inputs], true, 1 / Math.sqrt(inputs)),
      ...(isLast(head, layer)
        ? lastNormParameters(head, layer, outputs)
        : normParameters(head.norm(layer), outputs)),
    ]
  })
}

const lastNormParameters = (head: BatchNormHead, layer: number, width: number): ParameterSpec[] =>
  head.last === 'scale' ? [constantParameter(`${head.norm(layer)}.weight`, [width], 1)] : []

/** A head with the statistics of the batch itself: [rows, in] to [rows, out]. All rows are one batch. */
export function batchNormHead(
  x: tf.Tensor2D,
  head: BatchNormHead,
  parameters: ParameterSource,
): tf.Tensor2D {
  let y = x
  for (let layer = 0; layer < head.sizes.length - 1; layer++) {
    const weight = parameters.get(`${head.linear(layer)}.weight`)
    const product = linear(y, weight, null) as tf.Tensor2D
    if (isLast(head, layer)) return lastNorm(product, head, layer, parameters)
    const norm = head.norm(layer)
    const affine = {
      weight: parameters.get(`${norm}.weight`) as tf.Tensor1D,
      bias: parameters.get(`${norm}.bias`) as tf.Tensor1D,
    }
    y = batchNormRelu(product, affine, null, EPSILON).y
  }
  return y
}

function lastNorm(
  x: tf.Tensor2D,
  head: BatchNormHead,
  layer: number,
  parameters: ParameterSource,
): tf.Tensor2D {
  if (head.last === 'none') return x
  if (head.last === 'noAffine') return batchNorm(x, null, EPSILON).y
  const weight = parameters.get(`${head.norm(layer)}.weight`) as tf.Tensor1D
  return batchNorm(x, { weight, bias: tf.zerosLike(weight) }, EPSILON).y
}
