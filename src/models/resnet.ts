import type * as tf from '@tensorflow/tfjs'
import {
  batchNorm,
  batchNormInference,
  batchNormRelu,
  batchNormReluInference,
  updateRunning,
  type Affine,
  type ChannelStatistics,
  type NormalisedBatch,
} from '../engine/ops/batchNorm.ts'
import { convolution } from '../engine/ops/convolution.ts'
import type { ParameterSource } from '../engine/parameters.ts'
import {
  blocksOf,
  runningNames,
  stemOf,
  type ConvolutionPart,
  type ResNetBlock,
  type ResNetConfig,
} from './resnetSpecs.ts'

export {
  lastResnetLayer,
  resnetLayerOf,
  resnetParameters,
  stages,
  stageStride,
  stageWidth,
  strideBefore,
  totalStride,
  type ResNetConfig,
} from './resnetSpecs.ts'

/** ε of the batch norms: torch's default. */
const EPSILON = 1e-5

/**
 * Which statistics batch norm takes: those of the batch itself, by which the running ones are to move on by a share
 * (`momentum`, torch's word; 0.1 by its convention), or the running ones as they are.
 */
export type BatchStatistics =
  { readonly kind: 'batch'; readonly momentum: number | tf.Scalar } | { readonly kind: 'kept' }

/** What may be done besides in one forward pass. */
export interface ResNetOptions {
  /** Receives the result [B, S, S, C] of the stem. */
  readonly afterStem?: (z: tf.Tensor4D) => void
  /** Changes the feature map [B, h, w, C] at the input of a stage, counted from 0. */
  readonly beforeStage?: (z: tf.Tensor4D, stage: number) => tf.Tensor4D
  /** Receives the feature map [B, h, w, C] at the output of every stage, counted from 0. */
  readonly afterStage?: (z: tf.Tensor4D, stage: number) => void
}

/** A residual network as a pure function of its parameters. */
export class ResNet {
  readonly #config: ResNetConfig
  readonly #parameters: ParameterSource
  readonly #statistics: BatchStatistics
  readonly #updates: Record<string, tf.Tensor1D> = {}

  constructor(config: ResNetConfig, parameters: ParameterSource, statistics: BatchStatistics) {
    this.#config = config
    this.#parameters = parameters
    this.#statistics = statistics
  }

  /**
   * New values of the running statistics by the names of their parameters, after a `run` with the batch's statistics (of the
   * last one, where there were several); nothing with kept ones. Without gradient.
   */
  get updates(): Readonly<Record<string, tf.Tensor1D>> {
    return this.#updates
  }

  /**
   * Images [B, S, S, 3] to the last feature map [B, S / r, S / r, C], r the total stride (rounded up where it does not divide
   * S). The images have no gradient: they are data.
   */
  run(
    images: tf.Tensor4D,
    { afterStem, beforeStage, afterStage }: ResNetOptions = {},
  ): tf.Tensor4D {
    const blocks = blocksOf(this.#config)
    let z = this.#unit(images, stemOf(this.#config), true, null, true)
    afterStem?.(z)
    blocks.forEach((block, i) => {
      const { stage } = block
      if (beforeStage && stage !== blocks[i - 1]?.stage) z = beforeStage(z, stage)
      z = this.#block(z, block)
      if (stage !== blocks[i + 1]?.stage) afterStage?.(z, stage)
    })
    return z
  }

  #block(x: tf.Tensor4D, { main, downsample }: ResNetBlock): tf.Tensor4D {
    const skip = downsample === null ? x : this.#unit(x, downsample, false, null)
    return main.reduce(
      (z, part, i) => this.#unit(z, part, true, i === main.length - 1 ? skip : null),
      x,
    )
  }

  /** Convolution, batch norm, the skip where there is one, and ReLU where `relu`. */
  #unit(
    x: tf.Tensor4D,
    part: ConvolutionPart,
    relu: boolean,
    skip: tf.Tensor4D | null,
    constantInput = false,
  ): tf.Tensor4D {
    const { kernel, stride, norm } = part
    const weight = this.#parameters.get(`${part.convolution}.weight`) as tf.Tensor4D
    const z = convolution(x, weight, null, { stride, padding: (kernel - 1) / 2, constantInput })
    const affine: Affine = {
      weight: this.#parameters.get(`${norm}.weight`) as tf.Tensor1D,
      bias: this.#parameters.get(`${norm}.bias`) as tf.Tensor1D,
    }
    const names = runningNames(norm)
    const running: ChannelStatistics = {
      mean: this.#parameters.get(names.mean) as tf.Tensor1D,
      variance: this.#parameters.get(names.variance) as tf.Tensor1D,
    }
    if (this.#statistics.kind === 'kept')
      return relu
        ? batchNormReluInference(z, running, affine, skip, EPSILON)
        : batchNormInference(z, running, affine, EPSILON)
    const batch: NormalisedBatch<tf.Tensor4D> = relu
      ? batchNormRelu(z, affine, skip, EPSILON)
      : batchNorm(z, affine, EPSILON)
    const { momentum } = this.#statistics
    const after = updateRunning(running, batch, z.size / part.outputs, momentum)
    this.#updates[names.mean] = after.mean
    this.#updates[names.variance] = after.variance
    return batch.y
  }
}
