import type * as tf from '@tensorflow/tfjs'
import { groupsFor, kernelNamed } from '../kernel.ts'
import { permuteCode, PERMUTE_WORKGROUP } from '../kernels/permute.ts'
import { emptyTensor } from '../tensors.ts'
import { differentiable } from './differentiable.ts'

/**
 * A tensor with its axes in another order, as tfjs' transpose, in a kernel made for the sizes at hand.
 *
 * Gradient: dy with its axes put back.
 * @param axes axis of x for every axis of the result
 */
export const permute = <R extends tf.Rank>(
  x: tf.Tensor<R>,
  axes: readonly number[],
): tf.Tensor<R> =>
  differentiable(
    [x],
    () => run(x, axes),
    (dy) => [
      run(
        dy,
        axes.map((_, axis) => axes.indexOf(axis)),
      ),
    ],
  )

function run<R extends tf.Rank>(x: tf.Tensor<R>, axes: readonly number[]): tf.Tensor<R> {
  const y = emptyTensor(axes.map((axis) => x.shape[axis]!) as tf.ShapeMap[R])
  kernelNamed(`permute ${x.shape.join('x')} ${axes.join()}`, () =>
    permuteCode(x.shape, axes),
  ).dispatchMany([x, y], groupsFor(x.size, PERMUTE_WORKGROUP))
  return y
}
