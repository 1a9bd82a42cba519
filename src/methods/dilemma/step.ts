import type * as tf from '@tensorflow/tfjs'
import type { ParameterSource } from '../../engine/parameters.ts'
import { Vit, type VitConfig, type VitOptions } from '../../models/vit.ts'

/** What a backbone makes of images, after the final norm. */
export interface Encoded {
  /** [B, D] */
  readonly classToken: tf.Tensor2D
  /** Patch tokens, [B, k, D]. */
  readonly tokens: tf.Tensor3D
}

/** The class token of tokens [B, 1 + k, D]: [B, D]. */
export const classTokenOf = (tokens: tf.Tensor3D): tf.Tensor2D =>
  tokens.slice([0, 0, 0], [-1, 1, -1]).reshape([tokens.shape[0], tokens.shape[2]])

/** The patch tokens of tokens [B, 1 + k, D]: [B, k, D]. */
export const patchTokensOf = (tokens: tf.Tensor3D): tf.Tensor3D =>
  tokens.slice([0, 1, 0], [-1, -1, -1])

/**
 * Images [B, S, S, 3] through a backbone with a class token.
 * @param source its parameters, by the names of `vitParameters`
 */
export function encodeView(
  config: VitConfig,
  images: tf.Tensor4D,
  source: ParameterSource,
  options: VitOptions = {},
): Encoded {
  const vit = new Vit(config, source)
  const tokens = vit.encode(vit.embed(images), options)
  return { classToken: classTokenOf(tokens), tokens: patchTokensOf(tokens) }
}
