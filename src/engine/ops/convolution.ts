import type * as tf from '@tensorflow/tfjs'
import { columnSum } from './columnSum.ts'
import { layerOf, type ConvolutionWay } from './convolutionLayer.ts'
import { differentiable } from './differentiable.ts'
import { directConvolution } from './directConvolution.ts'
import { gatheredConvolution } from './gatheredConvolution.ts'
import { linear } from './linear.ts'

/** How filters are moved over images. */
export interface ConvolutionOptions {
  /** Steps between positions, 1 if left out. */
  readonly stride?: number
  /** Zeros on every side of an image, 0 if left out. */
  readonly padding?: number
  /** True where x is data, such as the images that a network is given: then no gradient is computed for it. */
  readonly constantInput?: boolean
  /** For tests; the quickest that the channels allow if left out. */
  readonly way?: ConvolutionWay
}

/**
 * 2-D convolution, y[b, v, u, o] = bias[o] + Σ x[b, v · stride + r − padding, u · stride + s − padding, c] ·
 * weight[o, c, r, s]; outside x there are zeros.
 *
 * Gradients: dx is the transposed convolution of dy, dweight[o, c, r, s] = Σ dy[…, o] · x[…, c] over all positions, summed
 * in chunks that depend on sizes alone, dbias = sum of dy over all positions.
 * @param x [batch, height, width, in]
 * @param weight [out, in, kernel height, kernel width], as PyTorch has it
 * @param bias [out], or null for none
 * @returns [batch, out height, out width, out], with sides ⌊(side + 2 padding − kernel) / stride⌋ + 1
 */
export function convolution(
  x: tf.Tensor4D,
  weight: tf.Tensor4D,
  bias: tf.Tensor1D | null,
  { stride = 1, padding = 0, constantInput = false, way }: ConvolutionOptions = {},
): tf.Tensor4D {
  const layer = layerOf(x, weight, stride, padding)
  const { kernel, inputs, outputs } = layer
  if (way === undefined && kernel[0] * kernel[1] * stride === 1 && padding === 0)
    return linear(x, weight.reshape([outputs, inputs]), bias, {
      inputGradient: !constantInput,
    }) as tf.Tensor4D
  const aligned = inputs % 4 === 0 && outputs % 4 === 0
  const own = way ?? (aligned ? gatheredConvolution() : directConvolution)
  const parameters = bias === null ? [weight] : [weight, bias]
  return differentiable<tf.Tensor4D>(
    constantInput ? parameters : [x, ...parameters],
    (save) => {
      save([x, weight])
      return own.forward(layer, x, weight, bias)
    },
    (dy, [input, filters]) => [
      ...(constantInput ? [] : [own.inputGradient(layer, dy, filters!)]),
      own.filterGradient(layer, input!, dy),
      ...(bias === null ? [] : [columnSum(dy.as2D(-1, outputs))]),
    ],
  )
}
