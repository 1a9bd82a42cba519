import { IMAGE_SIZE } from '../../src/data/images.ts'
import { trunkShape, type A2mimConfig } from '../../src/methods/a2mim/network.ts'
import { multiplyAdds } from '../../src/models/resnetCost.ts'
import { stemOf } from '../../src/models/resnetSpecs.ts'
import type { VitConfig } from '../../src/models/vitSpecs.ts'
import type { VitShape } from './vit.ts'

/**
 * Multiply-adds of the matrix products of one training step: what the mathematics needs, forward and backward. What an
 * engine computes a second time to save memory does not count, so engines can be compared by it.
 */

/** A product in the forward pass costs two in the backward pass: one for its input, one for its weights. */
const WITH_BACKWARD = 3
/** Where the input is data, or the weights are constants, only one. */
const WITH_HALF_BACKWARD = 2

/** Dense layers (q, k, v and their projection; two of the MLP) and attention (scores, context) of all blocks. */
function blockProducts(
  images: number,
  tokens: number,
  { width, depth, mlpWidth }: Pick<VitConfig, 'width' | 'depth' | 'mlpWidth'>,
): number {
  const dense = tokens * width * (4 * width + 2 * mlpWidth)
  const attention = 2 * tokens * tokens * width
  return WITH_BACKWARD * images * depth * (dense + attention)
}

/** Of the plain transformer. */
export function vitProducts(shape: VitShape): number {
  const { batch, tokens, features, width, mlpRatio } = shape
  const ends = (WITH_HALF_BACKWARD + WITH_BACKWARD) * batch * tokens * features * width
  return ends + blockProducts(batch, tokens, { ...shape, mlpWidth: mlpRatio * width })
}

/** Of A²MIM: the transformer with a class token or the residual network, the decoder, and the Fourier transform of 3 channels. */
export function a2mimProducts(batch: number, config: A2mimConfig): number {
  const { trunk } = config
  const { stride, width } = trunkShape(config)
  const cells = (IMAGE_SIZE / stride) ** 2
  const end = batch * cells * width * 3 * stride * stride
  // Down the columns to cosines and sines, then along the rows from both to real and imaginary part.
  const fourier = WITH_HALF_BACKWARD * batch * 3 * IMAGE_SIZE ** 3 * (2 + 4)
  const decoded = WITH_BACKWARD * end + fourier
  if (trunk.kind === 'vit')
    return decoded + WITH_HALF_BACKWARD * end + blockProducts(batch, 1 + cells, trunk)
  const { inputs, outputs, kernel } = stemOf(trunk)
  const stem = batch * IMAGE_SIZE ** 2 * kernel ** 2 * inputs * outputs
  const all = batch * multiplyAdds(trunk, IMAGE_SIZE)
  return decoded + WITH_HALF_BACKWARD * stem + WITH_BACKWARD * (all - stem)
}
