import * as tf from '@tensorflow/tfjs'
import type { ParameterSource } from '../../engine/parameters.ts'
import { dinoHead } from '../../models/dinoHead.ts'
import { gridOf, type ShownCells } from '../../models/vit.ts'
import { detectorLogits } from '../dilemma/head.ts'
import { detection, type DetectionResult } from '../dilemma/loss.ts'
import { encodeView, type Encoded } from '../dilemma/step.ts'
import type { LossResult } from '../method.ts'
import { dinoLoss } from './loss.ts'
import { backboneOf, CENTRE, headOf, type DinoConfig } from './network.ts'
import { nextCentre, statisticsOf, teacherTargets, type TeacherLogits } from './teacher.ts'

/** Crops of one size, crop after crop: the first crop of all images, then the second, and so on. */
export interface Crops {
  /** [crops · images, size, size, 3]. */
  readonly images: tf.Tensor4D
  /** Which patches are shown, and where they claim to lie; all, truly, when absent. */
  readonly shown?: ShownCells | undefined
  /** Positions [1, patches, D] in place of the network's own, for crops that are smaller than an image. */
  readonly positionTable?: tf.Tensor3D | undefined
  /** Drop path, [2·depth, crops · images]: see `VitOptions`. */
  readonly pathFactors?: tf.Tensor2D | undefined
}

/** What student or teacher makes of crops. */
export interface Answer {
  /** The tokens of every kind of crops. */
  readonly kinds: readonly Encoded[]
  /** Products with the prototypes, [all crops · images, K]. */
  readonly logits: tf.Tensor2D
}

/**
 * What student or teacher makes of crops. Crops of one size pass the transformer as one batch; the class tokens of all of
 * them pass the head together.
 */
export function answer(
  config: DinoConfig,
  kinds: readonly Crops[],
  parameters: ParameterSource,
): Answer {
  const backbone = backboneOf(parameters)
  const encoded = kinds.map(({ images, pathFactors, ...places }) =>
    encodeView(config, images, backbone, { ...places, ...(pathFactors && { pathFactors }) }),
  )
  const classTokens = tf.concat(encoded.map(({ classToken }) => classToken))
  return { kinds: encoded, logits: dinoHead(classTokens, headOf(parameters)) }
}

/** The numbers of a step that may change while training; scalars. */
export interface StepNumbers {
  readonly studentTemperature: tf.Tensor
  readonly teacherTemperature: tf.Tensor
  readonly centreMomentum: tf.Tensor
}

/** Which claims of the global crops are false, and what finding them out counts for. */
export interface Detected {
  /** [2 · images, patches]: 1 where the claim is false. */
  readonly labels: tf.Tensor2D
  /** λ, a scalar. */
  readonly weight: tf.Tensor
}

/** The tensors of one training step. */
export interface StepTensors {
  /** The two global crops. */
  readonly globals: Crops
  /** The local crops; absent where there are none. */
  readonly locals?: Crops | undefined
  /** What the teacher makes of the global crops, whole and with true places: [2 · images, K]. */
  readonly teacherLogits: tf.Tensor2D
  readonly numbers: StepNumbers
  /** Absent where no one is asked. */
  readonly detected?: Detected | undefined
}

/** What the student makes of all crops, and the loss of it (spec section 6). */
export function dinoStep(
  config: DinoConfig,
  { globals, locals, teacherLogits, numbers, detected }: StepTensors,
  parameters: ParameterSource,
  onAnswer?: (answer: Answer) => void,
): LossResult {
  const student = answer(config, locals ? [globals, locals] : [globals], parameters)
  onAnswer?.(student)
  const teacher: TeacherLogits = {
    logits: teacherLogits,
    centre: parameters.get(CENTRE) as tf.Tensor2D,
    temperature: numbers.teacherTemperature,
  }
  const targets = teacherTargets(teacher)
  const hostLoss = dinoLoss(student.logits, targets, numbers.studentTemperature)
  const found = detected && detect(config, student.kinds[0]!, globals, detected, parameters)
  const { entropy, inUse, shares } = statisticsOf(targets)
  return {
    loss: found ? hostLoss.add<tf.Scalar>(found.loss) : hostLoss,
    terms: {
      hostLoss,
      teacherEntropy: entropy,
      divergence: hostLoss.sub<tf.Scalar>(entropy),
      centreNorm: teacher.centre.norm() as tf.Scalar,
      prototypesInUse: inUse,
      ...found?.terms,
    },
    tables: { prototypes: shares, ...found?.tables },
    updates: { [CENTRE]: nextCentre(teacherLogits, teacher.centre, numbers.centreMomentum) },
  }
}

/** What the detector makes of the tokens of the global crops. */
function detect(
  config: DinoConfig,
  { tokens }: Encoded,
  { shown }: Crops,
  { labels, weight }: Detected,
  parameters: ParameterSource,
): DetectionResult {
  if (shown === undefined) throw new Error('there are labels, but no claims')
  const logits = detectorLogits(tokens, parameters)
  return detection([{ logits, labels, ...shown }], weight, gridOf(config))
}
