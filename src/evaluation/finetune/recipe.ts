import type { AdamWStep } from '../../engine/adamw.ts'
import type { EvaluationSettings } from '../../settings/evaluation.ts'
import { learningRateAt } from '../../training/schedule.ts'
import { CLASSES } from '../classification.ts'

/** What the papers fine-tune with: AdamW as PyTorch has it. The gradient is taken as it is. */
const ADAMW = { beta1: 0.9, beta2: 0.999, epsilon: 1e-8, clipNorm: 0 }

/**
 * AdamW in one step of fine-tuning: the learning rate rises linearly from 0 to its peak, then falls along a cosine to 0.
 * @param done steps done before this one, @param steps of the whole training
 */
export const optimiserStep = (
  done: number,
  steps: number,
  settings: EvaluationSettings,
): AdamWStep => ({
  ...ADAMW,
  learningRate: learningRateAt(done, {
    learningRate: settings.finetuneLearningRate,
    finalLearningRate: 0,
    scheduleSteps: steps,
    warmupFraction: settings.finetuneWarmup,
  }),
  weightDecay: settings.finetuneWeightDecay,
  step: done + 1,
})

/**
 * Targets with label smoothing: 1 − smoothing for the class of an image, and smoothing / classes for every class.
 * @returns [labels, CLASSES]
 */
export function smoothTargets(labels: readonly number[], smoothing: number): Float32Array {
  const targets = new Float32Array(labels.length * CLASSES).fill(smoothing / CLASSES)
  labels.forEach((label, i) => {
    targets[i * CLASSES + label] = 1 - smoothing + smoothing / CLASSES
  })
  return targets
}
