import type * as tf from '@tensorflow/tfjs'
import { groupsFor, kernelNamed, uniformOf } from '../kernel.ts'
import {
  COSINE_LOSS_GRADIENT_CODE,
  cosineLossCode,
  NORMALISE_WORKGROUP,
  normaliseCode,
  normaliseGradientCode,
} from '../kernels/normalise.ts'
import { emptyTensor } from '../tensors.ts'
import { differentiable } from './differentiable.ts'
import { meanOf } from './meanLoss.ts'

/** Shortest length that is divided by; below, a vector is divided by this instead. */
const MIN_LENGTH = 1e-12

/**
 * Unit vectors along the last axis: y = x / max(|x|, ε).
 *
 * Gradient: dx = (dy − y (y · dy)) / |x|; dy / ε where |x| ≤ ε.
 */
export function l2Normalise<T extends tf.Tensor>(x: T, epsilon = MIN_LENGTH): T {
  const width = x.shape.at(-1)!
  const lanes = width % 4 === 0 ? 4 : 1
  const type = lanes === 4 ? 'vec4f' : 'f32'
  const sizes = uniformOf([width / lanes])
  const groups = groupsFor(x.size / width, NORMALISE_WORKGROUP)
  return differentiable(
    [x],
    (save) => {
      save([x])
      const y = emptyTensor(x.shape)
      kernelNamed(`normalise ${lanes} ${epsilon}`, () => normaliseCode(type, epsilon)).dispatchMany(
        [sizes, x, y],
        groups,
      )
      return y as T
    },
    (dy, [input]) => {
      const dx = emptyTensor(x.shape)
      kernelNamed(`normalise gradient ${lanes} ${epsilon}`, () =>
        normaliseGradientCode(type, epsilon),
      ).dispatchMany([sizes, input!, dy, dx], groups)
      return [dx]
    },
  )
}

/**
 * Distance of directions, mean over the rows of x of |x̂ − t̂|² = 2 − 2 cos(x, t), with x̂ = x / max(|x|, ε): the loss of
 * BYOL and ExtreMA.
 *
 * Gradient: 2 dy ((x̂ · t̂) x̂ − t̂) / |x| / rows in x; the target is taken as a constant.
 * @param x [rows, width]
 * @param target [some, width], where `some` divides the rows: row r of x is compared with row r mod `some`
 */
export function cosineLoss(x: tf.Tensor2D, target: tf.Tensor2D, epsilon = MIN_LENGTH): tf.Scalar {
  const [rows, width] = x.shape
  if (target.shape[1] !== width || rows % target.shape[0] !== 0)
    throw new Error(`targets [${target.shape.join()}] do not fit vectors [${x.shape.join()}]`)
  const sizes = uniformOf([width])
  return differentiable<tf.Scalar>(
    [x],
    (save) => {
      const partial = emptyTensor([rows, 2])
      const statistics = emptyTensor([rows, 4])
      kernelNamed(`cosine loss ${epsilon}`, () => cosineLossCode(epsilon)).dispatchMany(
        [sizes, x, target, partial, statistics],
        groupsFor(rows, NORMALISE_WORKGROUP),
      )
      const { loss, scale } = meanOf(partial, 0)
      save([x, target, statistics, scale])
      return loss
    },
    (dy, saved) => {
      const dx = emptyTensor(x.shape)
      kernelNamed('cosine loss gradient', () => COSINE_LOSS_GRADIENT_CODE).dispatchMany(
        [sizes, ...saved, dy, dx],
        groupsFor(rows * width, NORMALISE_WORKGROUP),
      )
      return [dx]
    },
  )
}
