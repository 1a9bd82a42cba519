import type * as tf from '@tensorflow/tfjs'
import type { ParameterSource, ParameterSpec } from '../../engine/parameters.ts'
import { batchNormHead, batchNormHeadParameters } from '../../models/batchNormHead.ts'
import { prefixed, prefixedSpecs } from '../../models/prefixed.ts'
import type { VitConfig } from '../../models/vit.ts'
import { predictorOf, projectorOf, type HeadSizes } from './heads.ts'

/** The transformer and the heads behind it. */
export interface MocoConfig extends VitConfig, HeadSizes {}

/** What the names of the encoder and its projector begin with: the part that the teacher has, too. */
export const ENCODER = 'base_encoder.'

/**
 * Parameters of encoder, projector and predictor, by the names of the official code.
 * @param trunk those of the transformer
 */
export function networkParameters(
  config: MocoConfig,
  trunk: readonly ParameterSpec[],
  seed: number,
): ParameterSpec[] {
  const projector = batchNormHeadParameters(projectorOf(config), seed)
  return [
    ...prefixedSpecs([...trunk, ...projector], ENCODER),
    ...batchNormHeadParameters(predictorOf(config), seed),
  ]
}

/** The transformer of student or teacher, by timm's names. */
export const encoderOf = (parameters: ParameterSource): ParameterSource =>
  prefixed(parameters, ENCODER)

/** The projector of student or teacher: class tokens [images, D] of one view to [images, projectionSize]. */
export const project = (
  config: MocoConfig,
  classTokens: tf.Tensor2D,
  parameters: ParameterSource,
): tf.Tensor2D => batchNormHead(classTokens, projectorOf(config), encoderOf(parameters))

/** The student’s predictor: [images, projectionSize] to the same. */
export const predict = (
  config: MocoConfig,
  projection: tf.Tensor2D,
  parameters: ParameterSource,
): tf.Tensor2D => batchNormHead(projection, predictorOf(config), parameters)
