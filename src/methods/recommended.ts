import type { EvaluationKind } from '../results.ts'
import type { Representation } from './description.ts'

/** The representation that the method's paper takes for an evaluation; its first where the paper names none. */
export const recommendedFor = (
  representations: readonly Representation[],
  kind: EvaluationKind,
): Representation =>
  representations.find((each) => each.recommendedFor?.includes(kind)) ?? representations[0]!
