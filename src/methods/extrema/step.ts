import type * as tf from '@tensorflow/tfjs'
import type { ParameterSource } from '../../engine/parameters.ts'
import type { LossResult } from '../method.ts'
import { extremaLoss, extremaMetrics, type LossForm } from './loss.ts'
import { ExtremaNetwork, type ExtremaConfig, type TrunkOptions } from './network.ts'

/** What a forward pass may hand out on its way. */
export interface Taps extends Pick<TrunkOptions, 'onPlaced' | 'onAttention'> {
  /** Class attention: [rows, heads, 1, 1 + n] of every block. */
  readonly onClassAttention?: (probabilities: tf.Tensor4D, block: number) => void
  /** The trunk’s tokens [rows, n, D]. */
  readonly onTokens?: (tokens: tf.Tensor3D) => void
  /** [rows, D] before and after the final norm. */
  readonly onInstance?: (beforeNorm: tf.Tensor2D, instance: tf.Tensor2D) => void
  /** [rows, projectionSize]. */
  readonly onProjection?: (projection: tf.Tensor2D) => void
}

/** Images to projections [rows, projectionSize]: of every mask, or of whole images. */
function project(
  network: ExtremaNetwork,
  images: tf.Tensor4D,
  options: TrunkOptions,
  { onClassAttention, onTokens, onInstance, onProjection, ...trunk }: Taps,
): tf.Tensor2D {
  const tokens = network.tokens(images, { ...options, ...trunk })
  onTokens?.(tokens)
  const read = network.read(tokens, onClassAttention && { onAttention: onClassAttention })
  const instance = network.norm(read)
  onInstance?.(read, instance)
  const projection = network.project(instance)
  onProjection?.(projection)
  return projection
}

/** The teacher’s answer to whole images: [images, projectionSize]. */
export const teacherTargets = (
  config: ExtremaConfig,
  images: tf.Tensor4D,
  teacher: ParameterSource,
  taps: Taps = {},
): tf.Tensor2D => project(new ExtremaNetwork(config, teacher), images, {}, taps)

/** What the student sees. */
export interface StudentView {
  readonly images: tf.Tensor4D
  /** Visible cells [masks · images, v], mask-major. */
  readonly masks: tf.Tensor2D
  /** Drop path, [2·depth, masks · images]: see `VitOptions`. */
  readonly pathFactors?: tf.Tensor2D | undefined
}

/** The student’s predictions of the teacher’s answers: [masks · images, projectionSize], mask-major. */
export function studentPredictions(
  config: ExtremaConfig,
  { images, masks, pathFactors }: StudentView,
  parameters: ParameterSource,
  taps: Taps = {},
): tf.Tensor2D {
  const network = new ExtremaNetwork(config, parameters)
  const options = { masks, ...(pathFactors && { pathFactors }) }
  return network.predict(project(network, images, options, taps))
}

/** The student’s part of a step, and its loss against the teacher’s answers (spec section 4). */
export function extremaStep(
  config: ExtremaConfig,
  form: LossForm,
  view: StudentView,
  targets: tf.Tensor2D,
  parameters: ParameterSource,
): LossResult {
  const predictions = studentPredictions(config, view, parameters)
  return {
    loss: extremaLoss(predictions, targets, form),
    terms: extremaMetrics(predictions, targets),
  }
}
