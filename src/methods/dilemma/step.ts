import type * as tf from '@tensorflow/tfjs'
import type { ParameterSource } from '../../engine/parameters.ts'
import { Vit, type VitConfig, type VitOptions } from '../../models/vit.ts'
import { detectorLogits } from './head.ts'
import { labelsOf, shownOf } from './inputs.ts'
import type { DetectedView } from './loss.ts'

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

/** What the student makes of a view of which it is shown some patches at the places that they claim. */
export interface StudentView extends Encoded {
  /** For `detection`; null where no one is asked which claims are false. */
  readonly detected: DetectedView | null
}

/**
 * The student's one pass of a view, which host and detector share (spec section 3).
 * @param backbone parameters by the names of `vitParameters`
 * @param parameters all of them, among which the detector's
 * @param inputs those of `corruptorInputs`
 * @param view its number there
 */
export function studentView(
  config: VitConfig,
  images: tf.Tensor4D,
  {
    backbone,
    parameters,
  }: { readonly backbone: ParameterSource; readonly parameters: ParameterSource },
  inputs: Readonly<Record<string, tf.Tensor>>,
  view: number,
  options: VitOptions = {},
): StudentView {
  const [shown, labels] = [shownOf(inputs, view), labelsOf(inputs, view)]
  const encoded = encodeView(config, images, backbone, { ...options, shown })
  const detected =
    shown && labels
      ? { logits: detectorLogits(encoded.tokens, parameters), labels, ...shown }
      : null
  return { ...encoded, detected }
}
