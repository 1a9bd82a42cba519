import type * as tf from '@tensorflow/tfjs'
import { kernelNamed, uniformOf } from '../kernel.ts'
import { CENTRED_SOFTMAX_CODE } from '../kernels/centredSoftmax.ts'
import { emptyTensor } from '../tensors.ts'

/**
 * Shares softmax((logits − centre) / temperature) of every row, in the shifted form, so logits of any size are safe. Not
 * differentiable: targets that are taken as constants.
 * @param logits [rows, classes]
 * @param centre [classes], or as many in another shape
 * @param temperature above 0
 * @returns [rows, classes]
 */
export function centredSoftmax(
  logits: tf.Tensor2D,
  centre: tf.Tensor,
  temperature: tf.Scalar,
): tf.Tensor2D {
  const [rows, classes] = logits.shape
  if (centre.size !== classes)
    throw new Error(`a centre [${centre.shape.join()}] does not fit ${classes} classes`)
  const shares = emptyTensor<tf.Rank.R2>(logits.shape)
  kernelNamed('centred softmax', () => CENTRED_SOFTMAX_CODE).dispatchMany(
    [uniformOf([rows, classes]), logits, centre, temperature, shares],
    rows,
  )
  return shares
}
