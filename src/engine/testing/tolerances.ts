/**
 * How far our kernels may be from the float64 oracles: largest error over the larger of 1 and the largest expected
 * entry (see `worstError`). float32 has 6e-8; sums over a few hundred terms lose one or two digits.
 */
export const TOLERANCES = {
  /** What holds where an operator has no row of its own. */
  default: { value: 5e-6, gradient: 1e-5 },
  /** Means over a whole batch; their gradients are small numbers, so these bounds are about 1e-4 of them. */
  losses: { value: 5e-6, gradient: 1e-7 },
  /** Attention probabilities, in [0, 1]. */
  probabilities: { value: 1e-6, gradient: 1e-5 },
  /** A whole training step, fused and recorded against plain tfjs: relative, for each gradient to its largest entry. */
  wholeStep: { value: 1e-5, gradient: 1e-4 },
} as const satisfies Record<string, Tolerance>

/** Bounds for the value of an op and for each of its gradients. */
export interface Tolerance {
  readonly value: number
  readonly gradient: number
}
