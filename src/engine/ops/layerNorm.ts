import type * as tf from '@tensorflow/tfjs'
import { groupsFor, kernelNamed } from '../kernel.ts'
import {
  layerNormCode,
  layerNormFinalCode,
  layerNormInputGradientCode,
  layerNormPartialCode,
  PARTIAL_COLUMNS,
} from '../kernels/layerNorm.ts'
import { emptyTensor } from '../tensors.ts'
import { blocksOf } from './columnSum.ts'
import { differentiable } from './differentiable.ts'

/**
 * Layer norm over the last axis, y = (x − mean) / √(variance + ε) · weight + bias, with the biased variance.
 *
 * Gradients, with x̂ the normalised x and g = dy · weight: dx = (g − mean(g) − x̂ mean(g x̂)) / √(variance + ε),
 * dweight = Σ dy x̂ and dbias = Σ dy over all rows.
 * @param x [..., width]
 * @param weight [width]
 * @param bias [width]
 */
export function layerNorm<T extends tf.Tensor>(
  x: T,
  weight: tf.Tensor,
  bias: tf.Tensor,
  epsilon: number,
): T {
  const width = x.shape.at(-1)!
  const rows = x.size / width
  return differentiable(
    [x, weight, bias],
    (save) => {
      const y = emptyTensor(x.shape)
      const statistics = emptyTensor([rows, 2])
      kernelNamed(`layer norm ${width} ${epsilon}`, () =>
        layerNormCode(width, epsilon),
      ).dispatchMany([x, weight, bias, y, statistics], rows)
      save([x, weight, statistics])
      return y as T
    },
    (dy, saved) => gradients(dy, saved as [T, tf.Tensor, tf.Tensor], rows, width),
  )
}

function gradients<T extends tf.Tensor>(
  dy: T,
  [x, weight, statistics]: readonly [T, tf.Tensor, tf.Tensor],
  rows: number,
  width: number,
): tf.Tensor[] {
  const dx = emptyTensor(x.shape)
  kernelNamed(`layer norm dx ${width}`, () => layerNormInputGradientCode(width)).dispatchMany(
    [x, weight, statistics, dy, dx],
    rows,
  )
  const blocks = blocksOf(rows)
  const columns = groupsFor(width, PARTIAL_COLUMNS)
  const sums = emptyTensor([blocks, 2 * width])
  kernelNamed(`layer norm partial ${width}`, () => layerNormPartialCode(width)).dispatch(
    [x, statistics, dy, sums],
    columns,
    blocks,
  )
  const dweight = emptyTensor([width])
  const dbias = emptyTensor([width])
  kernelNamed(`layer norm final ${width}`, () => layerNormFinalCode(width)).dispatch(
    [sums, dweight, dbias],
    columns,
  )
  return [dx, dweight, dbias]
}
