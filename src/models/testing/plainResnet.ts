import * as tf from '@tensorflow/tfjs'
import type { ParameterSource } from '../../engine/parameters.ts'
import { blocksOf, stemOf, type ConvolutionPart, type ResNetConfig } from '../resnetSpecs.ts'

const EPSILON = 1e-5

/**
 * A residual network with the statistics of the batch, in tfjs' own operations.
 * @param beforeStage changes the map at the input of a stage
 */
export function plainResnet(
  config: ResNetConfig,
  parameters: ParameterSource,
  images: tf.Tensor4D,
  beforeStage: (map: tf.Tensor4D, stage: number) => tf.Tensor4D,
): tf.Tensor4D {
  const unit = (
    x: tf.Tensor4D,
    { convolution, norm, stride, kernel }: ConvolutionPart,
  ): tf.Tensor4D => {
    const filters = parameters.get(`${convolution}.weight`).transpose<tf.Tensor4D>([2, 3, 1, 0])
    const z = tf.conv2d(x, filters, stride, (kernel - 1) / 2)
    const { mean, variance } = tf.moments(z, [0, 1, 2])
    const normal = z.sub(mean).div(variance.add(EPSILON).sqrt())
    return normal
      .mul(parameters.get(`${norm}.weight`))
      .add<tf.Tensor4D>(parameters.get(`${norm}.bias`))
  }
  const blocks = blocksOf(config)
  let z: tf.Tensor4D = unit(images, stemOf(config)).relu()
  blocks.forEach(({ stage, main, downsample }, i) => {
    if (stage !== blocks[i - 1]?.stage) z = beforeStage(z, stage)
    const skip = downsample === null ? z : unit(z, downsample)
    const branch = main.reduce<tf.Tensor4D>(
      (y, part, j) => (j === main.length - 1 ? unit(y, part) : unit(y, part).relu()),
      z,
    )
    z = branch.add<tf.Tensor4D>(skip).relu()
  })
  return z
}
