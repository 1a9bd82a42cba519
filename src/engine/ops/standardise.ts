import type * as tf from '@tensorflow/tfjs'
import { groupsFor, kernelNamed, uniformOf } from '../kernel.ts'
import { standardiseCode, STANDARDISE_WORKGROUP } from '../kernels/standardise.ts'
import { emptyTensor } from '../tensors.ts'

/**
 * (x − mean) / √(variance + ε) over the last axis with the unbiased variance, as masked autoencoders make their targets
 * of patches. Not differentiable: a target is a constant.
 * @param x [..., width], width at least 2
 */
export function standardise<T extends tf.Tensor>(x: T, epsilon: number): T {
  const width = x.shape.at(-1)!
  if (width < 2) throw new Error(`the variance of ${width} value is not known`)
  const y = emptyTensor(x.shape)
  kernelNamed(`standardise ${epsilon}`, () => standardiseCode(epsilon)).dispatchMany(
    [uniformOf([width]), x, y],
    groupsFor(x.size / width, STANDARDISE_WORKGROUP),
  )
  return y as T
}
