import type * as tf from '@tensorflow/tfjs'
import { computeFused } from '../../../engine/ops/fuse.ts'

/**
 * Where a feature map speaks for something (Grad-CAM, Selvaraju et al., 2017): the channels, each weighted by the mean of its
 * gradient over the cells, summed, and what is below 0 left out.
 * @param map A, [1, h, w, C]
 * @param gradient of what is looked at in A
 * @returns [h, w]
 */
export function weightedMap(map: tf.Tensor4D, gradient: tf.Tensor4D): tf.Tensor2D {
  const [, height, width, channels] = map.shape
  const weights = gradient.mean([0, 1, 2]).reshape([1, 1, channels])
  const [products] = computeFused(
    'weighted channels',
    [height, width, channels],
    [(value, weight) => value.mul(weight)],
    [map.squeeze([0]), weights],
  )
  return products!.sum<tf.Tensor2D>(2).relu()
}

/** Mean over the channels of a feature map [1, h, w, C]: [h, w]. */
export const channelMean = (map: tf.Tensor4D): tf.Tensor2D =>
  map.squeeze<tf.Tensor3D>([0]).mean<tf.Tensor2D>(2)

/** Length of every token of [1, T, C]: [T]. */
export const tokenLengths = (tokens: tf.Tensor3D): tf.Tensor1D =>
  tokens.squeeze<tf.Tensor2D>([0]).square().sum<tf.Tensor1D>(1).sqrt()
