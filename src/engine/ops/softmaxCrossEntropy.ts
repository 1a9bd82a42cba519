import type * as tf from '@tensorflow/tfjs'
import { groupsFor, kernelNamed, uniformOf } from '../kernel.ts'
import {
  CROSS_ENTROPY_FINAL_CODE,
  CROSS_ENTROPY_WORKGROUP,
  crossEntropyGradientCode,
  crossEntropyPartCode,
  type Targets,
} from '../kernels/softmaxCrossEntropy.ts'
import { emptyTensor } from '../tensors.ts'
import { differentiable } from './differentiable.ts'

/** Columns that a thread has at least, threads that a row has at most, and threads that are enough for all rows. */
const MIN_COLUMNS = 8
const MAX_PARTS = 32
const ENOUGH_THREADS = 8192

/**
 * Softmax cross-entropy, mean over the rows: −Σ t log softmax(logits / temperature), in the shifted form, so logits of
 * any size are safe.
 *
 * Gradient: dy (softmax · Σ t − t) / rows / temperature in the logits; the targets are taken as constants.
 * @param logits [rows, classes]
 * @param targets [rows]: class numbers, as int32 or as whole numbers in float32 (a number that is no class takes its
 * row out of the sum, though not out of the count); or [rows, classes]: a share for every class
 * @param temperature baked into the kernels, so it must not change from step to step
 */
export function softmaxCrossEntropy(
  logits: tf.Tensor2D,
  targets: tf.Tensor1D | tf.Tensor2D,
  temperature = 1,
): tf.Scalar {
  const [rows, classes] = logits.shape
  const kind = kindOf(logits, targets)
  const parts = Math.min(
    MAX_PARTS,
    groupsFor(classes, MIN_COLUMNS),
    groupsFor(ENOUGH_THREADS, rows),
  )
  const sizes = uniformOf([rows, classes, parts, 0])
  const name = `${kind} ${temperature}`
  return differentiable<tf.Scalar>(
    [logits],
    (save) => {
      const sums = emptyTensor([rows, parts, 4])
      kernelNamed(`cross-entropy parts ${name}`, () =>
        crossEntropyPartCode(kind, temperature),
      ).dispatchMany(
        [sizes, logits, targets, sums],
        groupsFor(rows * parts, CROSS_ENTROPY_WORKGROUP),
      )
      const statistics = emptyTensor([rows, 4])
      const loss = emptyTensor<tf.Rank.R0>([])
      kernelNamed('cross-entropy', () => CROSS_ENTROPY_FINAL_CODE).dispatch(
        [sizes, sums, statistics, loss],
        1,
      )
      save([logits, targets, statistics])
      return loss
    },
    (dy, saved) => {
      const gradient = emptyTensor(logits.shape)
      kernelNamed(`cross-entropy gradient ${name}`, () =>
        crossEntropyGradientCode(kind, temperature),
      ).dispatchMany(
        [sizes, ...saved, dy, gradient],
        groupsFor(rows * classes, CROSS_ENTROPY_WORKGROUP),
      )
      return [gradient]
    },
  )
}

function kindOf(logits: tf.Tensor2D, targets: tf.Tensor): Targets {
  const soft = targets.rank === 2
  const fits = soft ? targets.shape[1] === logits.shape[1] : targets.rank === 1
  if (targets.shape[0] !== logits.shape[0] || !fits)
    throw new Error(`targets [${targets.shape.join()}] do not fit logits [${logits.shape.join()}]`)
  if (soft) return 'soft'
  return targets.dtype === 'int32' ? 'i32' : 'f32'
}
