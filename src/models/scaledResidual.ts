import type * as tf from '@tensorflow/tfjs'
import type { Expression } from '../engine/fuse/expression.ts'
import { columnSum } from '../engine/ops/columnSum.ts'
import { differentiable } from '../engine/ops/differentiable.ts'
import { computeFused, type Formula } from '../engine/ops/fuse.ts'

/**
 * Residual connection with LayerScale and drop path: y = x + branch · gamma · factor.
 *
 * Gradients: dx = dy, dbranch = dy · gamma · factor, dgamma = sum of dy · branch · factor over all rows.
 * @param x [B, N, D]
 * @param branch [B, N, D]
 * @param gamma [D] of LayerScale, or null for none
 * @param factors [B, 1, 1] of drop path, constant; or null for none
 */
export function scaledResidual(
  x: tf.Tensor3D,
  branch: tf.Tensor3D,
  gamma: tf.Tensor | null,
  factors: tf.Tensor3D | null,
): tf.Tensor3D {
  const scales = [gamma, factors].filter((scale) => scale !== null)
  const scaled = (value: Expression, ...by: Expression[]): Expression =>
    by.reduce((product, scale) => product.mul(scale), value)
  const { shape } = x
  return differentiable<tf.Tensor3D>(
    gamma === null ? [x, branch] : [x, branch, gamma],
    (save) => {
      save([branch, ...scales])
      const add: Formula = (skip, value, ...by) => scaled(value, ...by).add(skip)
      return computeFused('scaled residual', shape, [add], [x, branch, ...scales])[0] as tf.Tensor3D
    },
    (dy, [input, ...saved]) => {
      const dbranch: Formula = (d, _, ...by) => scaled(d, ...by)
      const share: Formula = (d, value, ...by) => scaled(d.mul(value), ...by.slice(1))
      const wanted = gamma === null ? [dbranch] : [dbranch, share]
      const name = 'scaled residual gradient'
      const [gradient, shares] = computeFused(name, shape, wanted, [dy, input!, ...saved])
      const direct = [dy.clone(), gradient!]
      if (gamma === null) return direct
      return [...direct, columnSum(shares!.reshape([-1, gamma.size])).reshape(gamma.shape)]
    },
  )
}
