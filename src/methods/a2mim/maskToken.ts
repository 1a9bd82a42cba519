import type * as tf from '@tensorflow/tfjs'
import { Expression } from '../../engine/fuse/expression.ts'
import { fuse } from '../../engine/ops/fuse.ts'
import { linear } from '../../engine/ops/linear.ts'
import { stopGradient } from '../../engine/ops/stopGradient.ts'
import type { ParameterSource, ParameterSpec } from '../../engine/parameters.ts'
import { constantParameter, normalParameter } from '../../models/initial.ts'
import { scaledResidual } from '../../models/scaledResidual.ts'

/** How the mask token enters (spec section 3): see `enterMaskToken`. */
export type TokenEntry = 'sum' | 'replace' | 'gamma'

/**
 * What the mask token is: one learned vector; none, so that nothing enters in any form; zeros; a random vector that is not
 * trained; the mean of the features over the batch (held constant, as in the official code) or over each image.
 */
export type TokenMode = 'learned' | 'none' | 'zero' | 'frozen' | 'batchMean' | 'imageMean'

/** The mask token, and how it enters. */
export interface TokenConfig {
  readonly entry: TokenEntry
  readonly mode: TokenMode
  /** Whether the features of hidden cells have no gradient where the token enters. */
  readonly detach: boolean
  /** Factor on the learning rate of token and gamma. */
  readonly learningRateScale: number
}

/** Initial value of gamma. */
const INITIAL_GAMMA = 1e-6

/** Parameters of the token: none where it is no vector of its own. @param width channels of the map that it enters */
export function tokenParameters(
  { entry, mode, learningRateScale }: TokenConfig,
  width: number,
  seed: number,
): ParameterSpec[] {
  if (mode === 'none') return []
  const shape = [1, 1, width]
  const token = { ...normalParameter(seed, 'mask_token', shape, false), learningRateScale }
  const gamma = { ...constantParameter('mask_gamma', shape, INITIAL_GAMMA), learningRateScale }
  return [
    ...(mode === 'learned' ? [token] : []),
    ...(mode === 'frozen' ? [{ ...token, trainedFrom: Infinity }] : []),
    ...(entry === 'gamma' ? [gamma] : []),
  ]
}

/**
 * Lets the mask token T into features z where the mask m is 1.
 * @param features [B, T, C], of which the first `others` tokens are no cells (a class token): T has no part in their means
 * @param mask [B, T, 1], 1 = hidden
 */
export function enterToken(
  features: tf.Tensor3D,
  mask: tf.Tensor3D,
  { entry, mode, detach }: TokenConfig,
  parameters: ParameterSource,
  others = 0,
): tf.Tensor3D {
  if (mode === 'none') return features
  const gamma = entry === 'gamma' ? parameters.get('mask_gamma') : entry
  const z = detach ? detachHidden(features, mask) : features
  if (mode === 'learned' || mode === 'frozen')
    return enterMaskToken(z, mask, parameters.get('mask_token'), gamma)
  const kept = keepFeatures(z, mask, gamma)
  if (mode === 'zero') return kept
  const cells = others === 0 ? features : features.slice([0, others, 0], [-1, -1, -1])
  const mean =
    mode === 'imageMean'
      ? cells.mean<tf.Tensor3D>(1, true)
      : stopGradient(cells.mean<tf.Tensor3D>([0, 1], true))
  return kept.add(mask.mul(mean))
}

/**
 * Lets a token that is the same everywhere into features.
 * @param features z [B, N, C]
 * @param mask m [B, N, 1], 1 = hidden
 * @param token T [1, 1, C]
 * @param entry `sum`: z + T m; `replace`: z (1 − m) + T m; a tensor gamma [1, 1, C]: z (1 − m) + gamma z m + T m
 */
function enterMaskToken(
  features: tf.Tensor3D,
  mask: tf.Tensor3D,
  token: tf.Tensor,
  entry: 'sum' | 'replace' | tf.Tensor,
): tf.Tensor3D {
  // T m is a dense layer with the mask as its only input: its gradient in T sums in one product.
  const weight = token.reshape([-1, 1])
  const residual = keepFeatures(features, mask, entry)
  return linear(mask, weight, null, { residual, inputGradient: false }) as tf.Tensor3D
}

/** What the form of the entry keeps of features: z, z (1 − m), or z (1 − m) + gamma z m. */
function keepFeatures(
  features: tf.Tensor3D,
  mask: tf.Tensor3D,
  entry: 'sum' | 'replace' | tf.Tensor,
): tf.Tensor3D {
  if (entry === 'sum') return features
  const shown = fuse('keep visible', [features], [mask], (z, m) =>
    z.mul(Expression.constant(1).sub(m)),
  )
  if (entry === 'replace') return shown
  const hidden = fuse('keep hidden', [features], [mask], (z, m) => z.mul(m))
  return scaledResidual(shown, hidden, entry, null)
}

/** Features whose hidden cells have no gradient. */
const detachHidden = (features: tf.Tensor3D, mask: tf.Tensor3D): tf.Tensor3D =>
  fuse('detach hidden', [features], [features, mask], (z, held, m) =>
    z.mul(Expression.constant(1).sub(m)).add(held.mul(m)),
  )
