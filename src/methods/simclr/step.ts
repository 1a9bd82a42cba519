import * as tf from '@tensorflow/tfjs'
import type { ParameterSource } from '../../engine/parameters.ts'
import { gridOf, type ShownCells } from '../../models/vit.ts'
import { detectorLogits } from '../dilemma/head.ts'
import { detection } from '../dilemma/loss.ts'
import { encodeView, type Encoded } from '../dilemma/step.ts'
import type { LossResult } from '../method.ts'
import { ntXent } from './loss.ts'
import { encoderOf, project, type SimclrConfig } from './network.ts'

/** Images that pass the transformer as one batch, of one view or of both, one after the other. */
export interface Pass {
  /** [rows, S, S, 3] */
  readonly images: tf.Tensor4D
  /** Which patches are shown, and where they claim to lie; all, truly, when undefined. */
  readonly shown?: ShownCells | undefined
  /** Which claims are false, [rows, patches]; undefined where no one is asked. */
  readonly labels?: tf.Tensor2D | undefined
}

/** What the network makes of both views. */
export interface Answer {
  /** Tokens after the final norm, of every pass. */
  readonly encoded: readonly Encoded[]
  /** [2 · images, D], those of view 2 after those of view 1. */
  readonly classTokens: tf.Tensor2D
  /** [2 · images, projectionSize] */
  readonly projections: tf.Tensor2D
}

/** What the network makes of both views, in one pass or in one each; the projector has all class tokens at once. */
export function answer(
  config: SimclrConfig,
  passes: readonly Pass[],
  parameters: ParameterSource,
): Answer {
  const encoder = encoderOf(parameters)
  const encoded = passes.map(({ images, shown }) => encodeView(config, images, encoder, { shown }))
  const classTokens = tf.concat(encoded.map(({ classToken }) => classToken))
  return { encoded, classTokens, projections: project(config, classTokens, parameters) }
}

/** The numbers of a step that may change while training; scalars. */
export interface StepNumbers {
  readonly temperature: tf.Tensor
  /** λ; where there are labels. */
  readonly weight?: tf.Tensor | undefined
}

/** One step: NT-Xent of both views, and λ times the detection in those of which labels are known (spec section 7.2). */
export function simclrStep(
  config: SimclrConfig,
  passes: readonly Pass[],
  { temperature, weight }: StepNumbers,
  parameters: ParameterSource,
  onAnswer?: (answer: Answer) => void,
): LossResult {
  const result = answer(config, passes, parameters)
  onAnswer?.(result)
  const host = ntXent(result.projections, temperature)
  const asked = passes.flatMap(({ shown, labels }, i) =>
    shown && labels
      ? [{ logits: detectorLogits(result.encoded[i]!.tokens, parameters), labels, ...shown }]
      : [],
  )
  if (asked.length === 0 || weight === undefined) return host
  const found = detection(asked, weight, gridOf(config))
  return {
    loss: host.loss.add(found.loss),
    terms: { hostLoss: host.loss, ...host.terms, ...found.terms },
    tables: found.tables,
  }
}
