/** Tokens of one image that go through a network in a step. */
export interface StepTokens {
  /** Forward only. */
  readonly teacher: number
  /** Forward and backward. */
  readonly student: number
}

/**
 * Forward passes that a student's token costs in a step: one forward, and the backward pass is about twice as much, a
 * product for the inputs and one for the weights.
 */
export const STUDENT_FACTOR = 3

/**
 * What an image costs in a step, in forward passes of one token. A model: dense layers over tokens count; attention
 * between them, heads, augmentation and the optimiser do not.
 */
export const stepCost = ({ teacher, student }: StepTokens): number =>
  teacher + STUDENT_FACTOR * student
