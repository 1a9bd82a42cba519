import * as tf from '@tensorflow/tfjs'
import type { ParameterSource } from '../../engine/parameters.ts'
import type { ShownCells } from '../../models/vit.ts'
import { Vit } from '../../models/vit.ts'
import { detectorLogits } from '../dilemma/head.ts'
import { joined, joinedIfAny, joinedShown } from '../dilemma/joined.ts'
import { detection } from '../dilemma/loss.ts'
import { classTokenOf } from '../dilemma/step.ts'
import type { LossResult } from '../method.ts'
import { mocoLoss, type Pair } from './loss.ts'
import { encoderOf, predict, project, type MocoConfig } from './network.ts'

/** Which patches of the images are shown and where they claim to lie; all of them in their places when absent. */
type Shown = ShownCells | undefined

/** A batch of both views as a pair. */
const parted = (both: tf.Tensor2D): Pair => tf.split(both, 2) as [tf.Tensor2D, tf.Tensor2D]

/**
 * Tokens [2 · images, 1 + patches, D] of both views after the final norm. They pass the transformer as one batch, in which
 * no image sees another.
 */
function encode(
  config: MocoConfig,
  views: readonly tf.Tensor4D[],
  shown: readonly Shown[],
  parameters: ParameterSource,
): tf.Tensor3D {
  const vit = new Vit(config, encoderOf(parameters))
  const places = joinedShown(shown)
  return vit.encode(vit.embed(joined(views)), places && { shown: places })
}

/** Projections of both views’ class tokens. Every view is a batch of its own to the norms of the heads (spec 5.1). */
const projections = (
  config: MocoConfig,
  tokens: tf.Tensor3D,
  parameters: ParameterSource,
): tf.Tensor2D[] =>
  parted(classTokenOf(tokens)).map((classTokens) => project(config, classTokens, parameters))

/** What the teacher makes of both views, whole and in true places. */
export interface TeacherAnswer {
  /** [2 · images, 1 + patches, D] after the final norm. */
  readonly tokens: tf.Tensor3D
  /** [images, projectionSize] each. */
  readonly keys: Pair
}

/** The teacher’s answer; no sparsity, no wrong place reaches it. */
export function teacherAnswer(
  config: MocoConfig,
  views: readonly tf.Tensor4D[],
  teacher: ParameterSource,
): TeacherAnswer {
  const tokens = encode(config, views, [], teacher)
  const [first, second] = projections(config, tokens, teacher)
  return { tokens, keys: [first!, second!] }
}

/** What the student makes of both views. */
export interface StudentAnswer {
  /** [2 · images, 1 + patches, D] after the final norm. */
  readonly tokens: tf.Tensor3D
  /** Before the predictor and after it, [images, projectionSize] each. */
  readonly projections: Pair
  readonly queries: Pair
}

/** The student’s answer to the patches that it is shown of each view. */
export function studentAnswer(
  config: MocoConfig,
  views: readonly tf.Tensor4D[],
  shown: readonly Shown[],
  parameters: ParameterSource,
): StudentAnswer {
  const tokens = encode(config, views, shown, parameters)
  const [first, second] = projections(config, tokens, parameters)
  const query = (projection: tf.Tensor2D): tf.Tensor2D => predict(config, projection, parameters)
  return {
    tokens,
    projections: [first!, second!],
    queries: [query(first!), query(second!)],
  }
}

/** What the detector makes of both views, [2 · images, patches]: of all tokens but the class token’s. */
export const detectedLogits = (tokens: tf.Tensor3D, parameters: ParameterSource): tf.Tensor2D =>
  // Cheaper than to copy the patch tokens: only numbers are cut off.
  detectorLogits(tokens, parameters).slice([0, 1], [-1, -1])

/** All that the student’s loss rests on. */
export interface MocoStep {
  readonly views: readonly tf.Tensor4D[]
  readonly shown: readonly Shown[]
  /** Which claims of each view are false, [images, patches]; none where no one is asked. */
  readonly labels: readonly (tf.Tensor2D | undefined)[]
  /** λ, a scalar; with labels. */
  readonly weight?: tf.Tensor | undefined
  readonly keys: Pair
  /** T, a scalar. */
  readonly temperature: tf.Tensor
}

/** The student’s part of a step, and its loss against the teacher’s keys (spec section 5.2). */
export function mocoStep(
  config: MocoConfig,
  { views, shown, labels, weight, keys, temperature }: MocoStep,
  parameters: ParameterSource,
): LossResult {
  const { tokens, queries } = studentAnswer(config, views, shown, parameters)
  const host = mocoLoss(queries, keys, temperature)
  const [asked, cells] = [joinedIfAny(labels), joinedShown(shown)]
  if (asked === undefined || cells === undefined || weight === undefined) return host
  const found = detection(
    [
      {
        // Both views have as many tokens: the mean over all is the mean of the views’ means.
        logits: detectedLogits(tokens, parameters),
        labels: asked,
        ...cells,
      },
    ],
    weight,
    config.imageSize / config.patchSize,
  )
  return {
    loss: host.loss.add(found.loss),
    terms: { hostLoss: host.loss, ...host.terms, ...found.terms },
    tables: found.tables,
  }
}
