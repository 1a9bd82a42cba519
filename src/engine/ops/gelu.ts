import type * as tf from '@tensorflow/tfjs'
import { groupsFor, kernelNamed } from '../kernel.ts'
import { geluCode, geluGradientCode, GELU_WORKGROUP } from '../kernels/gelu.ts'
import { emptyTensor } from '../tensors.ts'
import { differentiable } from './differentiable.ts'

/**
 * Gaussian error linear unit in its exact form, y = x Φ(x) = x (1 + erf(x / √2)) / 2.
 *
 * Gradient: dx = dy (Φ(x) + x φ(x)).
 */
export function gelu<T extends tf.Tensor>(x: T): T {
  return differentiable(
    [x],
    (save) => {
      save([x])
      return run('gelu', geluCode, [x])
    },
    (dy, [input]) => [run('gelu gradient', geluGradientCode, [input as T, dy])],
  )
}

function run<T extends tf.Tensor>(
  name: string,
  code: (type: 'f32' | 'vec4f') => string,
  inputs: readonly T[],
): T {
  const { shape, size } = inputs[0]!
  const lanes = size % 4 === 0 ? 4 : 1
  const result = emptyTensor(shape)
  kernelNamed(`${name} ${lanes}`, () => code(lanes === 4 ? 'vec4f' : 'f32')).dispatchMany(
    [...inputs, result],
    groupsFor(size / lanes, GELU_WORKGROUP),
  )
  return result as T
}
