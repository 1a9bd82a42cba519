import type * as tf from '@tensorflow/tfjs'
import type { ParameterSource } from '../../engine/parameters.ts'
import { gridOf, type ShownCells } from '../../models/vit.ts'
import { detectorLogits } from '../dilemma/head.ts'
import { detection } from '../dilemma/loss.ts'
import { patchTokensOf } from '../dilemma/step.ts'
import type { LossResult } from '../method.ts'
import { patchTargets, type TargetForm } from '../patchTargets.ts'
import { honestCells, maskedCells, reconstructionLoss } from './loss.ts'
import { MaeNetwork, type MaeConfig } from './network.ts'

/** What is painted, and from which patches (spec sections 7.3 and 7.4). */
export interface StepForm extends TargetForm {
  /** The decoder gets all visible patches, or those alone that claimed their true places. */
  readonly decoderInput: 'all' | 'honest'
}

/** The tensors of one training step. */
export interface StepTensors {
  /** Normalised images [B, S, S, 3]. */
  readonly images: tf.Tensor4D
  /** The visible patches. */
  readonly shown: ShownCells
  /** 1 where a claim is false, [B, k], and λ; both absent where no one is asked. */
  readonly labels?: tf.Tensor2D | undefined
  readonly weight?: tf.Tensor | undefined
}

/** What a forward pass may hand out on its way. */
export interface Taps {
  /** Tokens [B, 1 + k, D] of the encoder after the final norm, the class token first. */
  readonly onLatent?: (tokens: tf.Tensor3D) => void
  /** Patches [B, L, 3·P·P] as they are painted. */
  readonly onPainted?: (patches: tf.Tensor3D) => void
  /** Logits [B, k] of the detector. */
  readonly onDetected?: (logits: tf.Tensor2D) => void
}

/** Where the decoder gets what the encoder makes of the visible patches: always in true cells. */
export const decoderCells = (
  { decoderInput }: Pick<StepForm, 'decoderInput'>,
  real: tf.Tensor2D,
  labels: tf.Tensor2D | undefined,
): tf.Tensor2D =>
  decoderInput === 'honest' && labels !== undefined ? honestCells(real, labels) : real

/** A whole forward pass: encode the visible patches, paint all, compare the masked ones, and find wrong places. */
export function maeStep(
  config: MaeConfig,
  form: StepForm,
  { images, shown, labels, weight }: StepTensors,
  parameters: ParameterSource,
  taps: Taps = {},
): LossResult {
  const network = new MaeNetwork(config, parameters)
  const latent = network.encode(images, shown)
  taps.onLatent?.(latent)
  const painted = network.decode(latent, decoderCells(form, shown.real, labels))
  taps.onPainted?.(painted)
  const grid = gridOf(config)
  const targets = patchTargets(images, config.patchSize, form)
  const reconstruction = reconstructionLoss(painted, targets, maskedCells(shown.real, grid * grid))
  if (labels === undefined || weight === undefined) return { loss: reconstruction, terms: {} }
  const logits = detectorLogits(patchTokensOf(latent), parameters)
  taps.onDetected?.(logits)
  const found = detection([{ logits, labels, ...shown }], weight, grid)
  return {
    loss: reconstruction.add(found.loss),
    terms: { hostLoss: reconstruction, ...found.terms },
    tables: found.tables,
  }
}
