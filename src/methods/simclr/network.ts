import type * as tf from '@tensorflow/tfjs'
import type { ParameterSource, ParameterSpec } from '../../engine/parameters.ts'
import {
  batchNormHead,
  batchNormHeadParameters,
  type BatchNormHead,
} from '../../models/batchNormHead.ts'
import { prefixed, prefixedSpecs } from '../../models/prefixed.ts'
import type { VitConfig } from '../../models/vit.ts'

/** The transformer and the projector behind it. */
export interface SimclrConfig extends VitConfig {
  /** Channels of the vectors that the loss compares. */
  readonly projectionSize: number
}

/** What the names of the encoder begin with. */
export const ENCODER = 'encoder.'

/** Three layers of the width of a token; the last batch norm has a scale but no shift (spec section 7.1). */
const projectorOf = ({ width, projectionSize }: SimclrConfig): BatchNormHead => ({
  sizes: [width, width, width, projectionSize],
  last: 'scale',
  linear: (layer) => `proj.fc${layer}`,
  norm: (layer) => `proj.bn${layer}`,
})

/**
 * Parameters of encoder and projector.
 * @param trunk those of the transformer
 */
export const networkParameters = (
  config: SimclrConfig,
  trunk: readonly ParameterSpec[],
  seed: number,
): ParameterSpec[] => [
  ...prefixedSpecs(trunk, ENCODER),
  ...batchNormHeadParameters(projectorOf(config), seed),
]

/** The transformer, by timm's names. */
export const encoderOf = (parameters: ParameterSource): ParameterSource =>
  prefixed(parameters, ENCODER)

/** Class tokens [rows, D] to [rows, projectionSize]. All rows, those of both views, are one batch to the norms. */
export const project = (
  config: SimclrConfig,
  classTokens: tf.Tensor2D,
  parameters: ParameterSource,
): tf.Tensor2D => batchNormHead(classTokens, projectorOf(config), parameters)
