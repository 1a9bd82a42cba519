import type * as tf from '@tensorflow/tfjs'
import { groupsFor, kernelNamed, uniformOf } from '../kernel.ts'
import { sumLayersCode, SUM_LAYERS_WORKGROUP } from '../kernels/sumLayers.ts'
import { emptyTensor } from '../tensors.ts'

/**
 * Sums each tensor [layers, ...] over its first axis; all of them in one dispatch. Not differentiable.
 * @param tensors one or two with the same number of layers
 */
export function sumLayers(tensors: readonly tf.Tensor[]): tf.Tensor[] {
  const results = tensors.map(({ shape }) => emptyTensor(shape.slice(1)))
  const layers = tensors[0]!.shape[0]
  const sizes = [layers, ...results.map(({ size }) => size)]
  const values = results.reduce((sum, { size }) => sum + size, 0)
  kernelNamed(`sum layers ${tensors.length}`, () => sumLayersCode(tensors.length)).dispatchMany(
    [uniformOf(sizes), ...tensors, ...results],
    groupsFor(values, SUM_LAYERS_WORKGROUP),
  )
  return results
}
